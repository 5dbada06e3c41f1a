import { along, centered, correlation, type Samples } from './samples.js';

/** A direction of z0. */
export interface Direction {
  readonly name: string;
  /** Of length 1. */
  readonly vector: Float32Array;
}

/** A direction has a name when it predicts what the name says at least so well. */
const leastCorrelation = 0.4;

/**
 * Directions along which something that can be measured grows: fitted to one half of the samples,
 * and left out where they do not hold on the other. The best comes first.
 *
 * @param measures - by name, a value for each of the latents.
 * @param classes - as `principalDirections`.
 */
export function namedDirections(
  latents: Samples,
  measures: Readonly<Record<string, readonly number[]>>,
  classes = 1,
): Direction[] {
  const { data, size } = latents;
  const half = Math.floor(data.length / size / 2);
  const others: Samples = { data: data.subarray(half * size), size };
  return Object.entries(measures)
    .map(([name, values]) => {
      const deviations = centered({ data: Float32Array.from(values), size: 1 }, classes);
      const vector = fitted(latents, deviations.subarray(0, half));
      const r = correlation(along(others, vector), deviations.subarray(half));
      return { name, vector, r };
    })
    .filter(({ r }) => r >= leastCorrelation)
    .sort((a, b) => b.r - a.r)
    .map(({ name, vector }) => ({ name, vector }));
}

/** The covariance of independent latents with a value is, but for its length, the regression. */
function fitted({ data, size }: Samples, values: ArrayLike<number>): Float32Array {
  const sums = new Float32Array(size);
  for (let row = 0; row < values.length; row++) {
    for (let i = 0; i < size; i++) sums[i] += data[row * size + i] * values[row];
  }
  const length = Math.hypot(...sums);
  return sums.map((sum) => sum / length);
}
