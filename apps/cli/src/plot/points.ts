/** Points of a curve, by rising x. A y that is not finite leaves a gap. */
export type Points = readonly (readonly [x: number, y: number])[];

/**
 * The exponential moving average of a curve, without the bias towards zero that it would begin with.
 *
 * @param amount - how much of the average stays at each point, in [0, 1).
 */
export function smooth(points: Points, amount: number): Points {
  let [average, weight] = [0, 0];
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    average = amount * average + (1 - amount) * y;
    weight = amount * weight + (1 - amount);
    return [x, average / weight];
  });
}

/**
 * At most two points in each of `columns` equal parts of the x axis: the lowest and the highest, so that a thinned
 * curve looks like the whole one, with every spike.
 */
export function thin(points: Points, columns: number): Points {
  if (points.length <= 2 * columns) return points;
  const first = points[0][0];
  const width = (points[points.length - 1][0] - first) / columns;
  const kept: (readonly [number, number])[] = [];
  for (let start = 0, end = 0; start < points.length; start = end) {
    const column = Math.floor((points[start][0] - first) / width);
    let [low, high] = [start, start];
    for (end = start; end < points.length; end++) {
      if (end > start && Math.floor((points[end][0] - first) / width) !== column) break;
      if (points[end][1] < points[low][1] || !Number.isFinite(points[low][1])) low = end;
      if (points[end][1] > points[high][1] || !Number.isFinite(points[high][1])) high = end;
    }
    kept.push(points[Math.min(low, high)]);
    if (low !== high) kept.push(points[Math.max(low, high)]);
  }
  return kept;
}

/** The range of the finite values of some curves; widened where it would be empty. */
export function extent(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) / 2 || 1;
  return [low - margin, high + margin];
}
