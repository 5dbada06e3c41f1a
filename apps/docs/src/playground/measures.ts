const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * What the way of a sprite has that people have names for.
 *
 * @param way - row and column in each frame, as z1 has them.
 */
export function measureWay(way: ArrayLike<number>): Record<string, number> {
  const frames = Array.from({ length: way.length / 2 }, (_, frame) => frame);
  const rows = frames.map((frame) => way[2 * frame]);
  const columns = frames.map((frame) => way[2 * frame + 1]);
  const steps = frames
    .slice(1)
    .map((frame) => Math.hypot(rows[frame] - rows[frame - 1], columns[frame] - columns[frame - 1]));
  return {
    lower: mean(rows),
    'further right': mean(columns),
    'moving down': rows[rows.length - 1] - rows[0],
    'moving right': columns[columns.length - 1] - columns[0],
    speed: mean(steps),
  };
}

/**
 * What a drawn picture has that people have names for.
 *
 * @param picture - [size, size] in [-1, 1], where ink is 1.
 */
export function measureLooks(picture: ArrayLike<number>, size: number): Record<string, number> {
  const sumOf = (part: (x: number, y: number) => number) => {
    let sum = 0;
    for (let i = 0; i < size * size; i++) {
      sum += ((picture[i] + 1) / 2) * part(i % size, Math.floor(i / size));
    }
    return sum;
  };
  const ink = sumOf(() => 1);
  const [middleX, middleY] = [sumOf((x) => x) / ink, sumOf((_, y) => y) / ink];
  const spreadX = sumOf((x) => (x - middleX) ** 2);
  const spreadY = sumOf((_, y) => (y - middleY) ** 2);
  const shear = sumOf((x, y) => (x - middleX) * (y - middleY));
  return {
    // The higher, the further right, as in italics.
    slant: -shear / spreadY,
    boldness: ink,
    width: Math.sqrt(spreadX / ink),
    height: Math.sqrt(spreadY / ink),
  };
}
