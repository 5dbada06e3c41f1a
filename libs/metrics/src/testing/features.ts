import type { Rows } from '../rows.js';

/** The same uniform numbers as tools/check-metrics.py draws: whole numbers below 2^32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state;
  };
}

/** Sums of four uniform numbers, each row mixed along its columns. */
export function randomFeatures(seed: number, count: number, size: number, shift = 0, scale = 1) {
  const next = generator(seed);
  const data = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    let before = 0;
    for (let k = 0; k < size; k++) {
      let total = 0;
      for (let u = 0; u < 4; u++) total += next() / 2 ** 32 - 0.5;
      before = total + 0.5 * before;
      data[i * size + k] = scale * before + shift;
    }
  }
  return { count, size, data } satisfies Rows;
}

/** Rows that sum to 1, each with a few large entries. */
export function randomProbabilities(seed: number, count: number, classes: number): Rows {
  const next = generator(seed);
  const data = new Float64Array(count * classes);
  for (let i = 0; i < count; i++) {
    const row = data.subarray(i * classes, (i + 1) * classes);
    for (let c = 0; c < classes; c++) {
      const uniform = (next() + 1) / 2 ** 32;
      row[c] = uniform * uniform * uniform * uniform;
    }
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, c) => (row[c] = value / sum));
  }
  return { count, size: classes, data };
}

/** Row i. */
export function rowOf({ data, size }: Rows, i: number): Float32Array | Float64Array {
  return data.subarray(i * size, (i + 1) * size);
}
