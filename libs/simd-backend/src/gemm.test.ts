import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from './backend.js';
import { columns, gemm, packPanels, panelBytes, packed, rows } from './gemm.js';
import { registerSimdBackend } from './register.js';

let backend: SimdBackend;
beforeAll(async () => {
  backend = await registerSimdBackend({ threads: 2 });
});
afterAll(() => tf.removeBackend('simd'));

interface Case {
  m: number;
  n: number;
  k: number;
  /** How the factors lie in memory. */
  left: 'rows' | 'columns';
  right: 'rows' | 'columns' | 'packed';
  accumulate: boolean;
  upper: boolean;
}

/** C = A B of fixed numbers, over ones when it is added to, by tiles of the given width. */
function product({ m, n, k, left, right, ...options }: Case, wide: boolean): Float32Array {
  const sizes = [m * k * 4, k * n * 4, panelBytes(k, n), m * n * 4];
  return backend.scratch(sizes, (a, b, panels, c) => {
    const [as, bs] = [backend.floats(a, m * k), backend.floats(b, k * n)];
    const [numbers, others] = factors({ m, n, k });
    as.set(left === 'rows' ? numbers : transposed(numbers, k));
    bs.set(right === 'columns' ? transposed(others, n) : others);
    backend.floats(c, m * n).fill(1);
    if (right === 'packed') {
      packPanels(backend, { address: b, kStride: n * 4, nStride: 4 }, panels, { k, n });
    }
    const rights = { rows: rows(b, n * 4), columns: columns(b, k * 4), packed: packed(panels, k) };
    const run = backend.run.bind(backend);
    gemm(
      { run, wide } as SimdBackend,
      { m, n, k },
      left === 'rows' ? rows(a, k * 4) : columns(a, m * 4),
      rights[right],
      { address: c, batch: 0, row: n * 4 },
      options,
    );
    return backend.floats(c, m * n).slice();
  });
}

/** A [m, k] and B [k, n], row by row. */
const factors = ({ m, n, k }: { m: number; n: number; k: number }) => [
  new Random(1).uniform(m * k, -1, 1),
  new Random(2).uniform(k * n, -1, 1),
];

/** The numbers of a matrix with rows of `length`, column by column. */
function transposed(matrix: Float32Array, length: number): Float32Array {
  const count = matrix.length / length;
  return matrix.map((_, i) => matrix[(i % count) * length + Math.floor(i / count)]);
}

describe('gemm', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 129, 300));
  const cases: fc.Arbitrary<Case> = fc.record({
    m: size,
    n: size,
    k: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(512, 600)),
    left: fc.constantFrom('rows', 'columns'),
    right: fc.constantFrom('rows', 'columns', 'packed'),
    accumulate: fc.boolean(),
    upper: fc.boolean(),
  });

  it('gives the sums of products, whatever the width of its tiles and however its factors lie', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { m, n, k } = c;
        const [a, b] = factors(c);
        const [narrow, wide] = [product(c, false), product(c, true)];
        let [error, different] = [0, 0];
        for (let i = 0; i < m; i++) {
          for (let j = c.upper ? i : 0; j < n; j++) {
            let sum = c.accumulate ? 1 : 0;
            for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
            error = Math.max(error, Math.abs(wide[i * n + j] - sum));
            different += Number(wide[i * n + j] !== narrow[i * n + j]);
          }
        }
        expect(error).toBeLessThan(1e-5 * Math.sqrt(k));
        expect(different).toBe(0);
      }),
      { numRuns: 120 },
    );
  });
});
