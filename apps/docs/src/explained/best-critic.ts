/** A critic on a line: straight between its corners, and level outside them. */
export interface LineCritic {
  /** Place and score, from left to right. */
  readonly corners: readonly (readonly [place: number, score: number])[];
  /** V: the mean score of real points less that of generated ones. */
  readonly value: number;
}

/**
 * Of all critics on a line that are nowhere steeper than `slope`, the one with the largest V.
 *
 * Between two points V gains with the score's rise if more real than generated points lie to the
 * right, and so more generated than real ones to the left. Then the critic rises as fast as it may.
 */
export function bestCritic(
  real: readonly number[],
  generated: readonly number[],
  slope: number,
): LineCritic {
  const places = [...real, ...generated].sort((a, b) => a - b);
  const upTo = (points: readonly number[], place: number) =>
    points.filter((point) => point <= place).length;
  const corners: [number, number][] = [[places[0], 0]];
  for (const place of places.slice(1)) {
    const [last, score] = corners[corners.length - 1];
    const rise = slope * Math.sign(upTo(generated, last) - upTo(real, last));
    corners.push([place, score + rise * (place - last)]);
  }
  const scores = new Map(corners);
  const mean = (points: readonly number[]) =>
    points.reduce((sum, point) => sum + scores.get(point)!, 0) / points.length;
  return { corners, value: mean(real) - mean(generated) };
}

/**
 * Where a generated point goes at its place, and how fast: the slope on the side on which the score
 * rises, or 0 where it falls on both.
 */
export function slopeAt(corners: LineCritic['corners'], place: number): number {
  const at = corners.findIndex((corner) => corner[0] >= place);
  const slopeFrom = (i: number) => {
    const [from, to] = [corners[i], corners[i + 1]];
    return from && to && to[0] > from[0] ? (to[1] - from[1]) / (to[0] - from[0]) : 0;
  };
  const [left, right] = [slopeFrom(at - 1), slopeFrom(at)];
  if (right > 0) return right;
  return left < 0 ? left : 0;
}
