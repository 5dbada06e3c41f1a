/** Values counted by range. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /**
   * Upper end of each range; the first begins at `min`, each other where the one before it ends.
   */
  readonly limits: readonly number[];
  /** How many values fall into each range: its upper end is outside, but for the last one's. */
  readonly counts: readonly number[];
}

const RANGES = 30;

/**
 * Counts values in 30 ranges of equal width, as TensorFlow 2 does; in one where all are equal.
 *
 * @throws RangeError when there are none, or one is not finite.
 */
export function histogramOf(values: ArrayLike<number>): Histogram {
  if (values.length === 0) throw new RangeError('a histogram needs at least one value');
  let [min, max, sum, sumOfSquares] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      throw new RangeError(`a histogram needs finite values; value ${i} is ${value}`);
    }
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumOfSquares += value * value;
  }
  const ranges = min === max ? 1 : RANGES;
  const limits = Array.from({ length: ranges }, (_, i) =>
    i === ranges - 1 ? max : min + ((i + 1) / ranges) * (max - min),
  );
  const counts = new Array<number>(ranges).fill(0);
  for (let i = 0; i < values.length; i++) counts[rangeOf(values[i], min, limits)]++;
  return { min, max, count: values.length, sum, sumOfSquares, limits, counts };
}

/**
 * Which range a value is in. The division is a guess that rounding can put one beside the limits as
 * they are written.
 */
function rangeOf(value: number, min: number, limits: readonly number[]): number {
  const last = limits.length - 1;
  const max = limits[last];
  if (last === 0) return 0;
  let range = Math.min(last, Math.floor(((value - min) / (max - min)) * limits.length));
  while (range > 0 && value < limits[range - 1]) range--;
  while (range < last && value >= limits[range]) range++;
  return range;
}
