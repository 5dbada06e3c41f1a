import { MetricsError } from './errors.js';

/** Feature vectors, one a row. */
export interface Rows {
  /** How many rows there are. */
  readonly count: number;
  /** How many features a row has. */
  readonly size: number;
  /** `[count, size]`, row by row. */
  readonly data: Float32Array | Float64Array;
}

/**
 * Checks that two sets of features can be compared.
 *
 * @throws MetricsError when their sizes differ, or one has fewer than `least` rows.
 */
export function checkRows(score: string, generated: Rows, reference: Rows, least: number): void {
  if (generated.size !== reference.size) {
    throw new MetricsError(
      `${score}: generated clips have ${generated.size} features, reference clips have ${reference.size}`,
    );
  }
  for (const [name, { count }] of Object.entries({ generated, reference })) {
    if (count < least) {
      throw new MetricsError(
        `${score}: too few ${name} clips: it needs at least ${least}, got ${count}`,
      );
    }
  }
}

/** The same rows in float64, so that repeated products need no conversion. */
export function toFloat64({ count, size, data }: Rows): Rows & { readonly data: Float64Array } {
  return { count, size, data: Float64Array.from(data) };
}

/**
 * The dot products of one row of `x` with every row of `y`.
 *
 * Four rows of `y` go through together, so that four sums run side by side.
 *
 * @param out - `[y.count]`, overwritten.
 */
export function dotProducts(x: Rows, i: number, y: Rows, out: Float64Array): void {
  const { size } = x;
  const row = x.data.subarray(i * size, (i + 1) * size);
  const { data, count } = y;
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const [start0, start1, start2, start3] = [
      j * size,
      (j + 1) * size,
      (j + 2) * size,
      (j + 3) * size,
    ];
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    for (let k = 0; k < size; k++) {
      const value = row[k];
      sum0 += value * data[start0 + k];
      sum1 += value * data[start1 + k];
      sum2 += value * data[start2 + k];
      sum3 += value * data[start3 + k];
    }
    out[j] = sum0;
    out[j + 1] = sum1;
    out[j + 2] = sum2;
    out[j + 3] = sum3;
  }
  for (; j < count; j++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += row[k] * data[j * size + k];
    out[j] = sum;
  }
}
