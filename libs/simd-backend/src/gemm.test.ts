import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SimdBackend } from './backend.js';
import { gemm, packPanels, panelBytes, packed, rows } from './gemm.js';
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
  accumulate: boolean;
  upper: boolean;
}

/** C = A B of fixed numbers, over ones when it is added to, by tiles of the given width. */
function product({ m, n, k, ...options }: Case, wide: boolean): Float32Array {
  const sizes = [m * k * 4, k * n * 4, panelBytes(k, n), m * n * 4];
  return backend.scratch(sizes, (a, b, panels, c) => {
    backend.floats(a, m * k).set(new Random(1).uniform(m * k, -1, 1));
    backend.floats(b, k * n).set(new Random(2).uniform(k * n, -1, 1));
    backend.floats(c, m * n).fill(1);
    const run = backend.run.bind(backend);
    const source = { address: b, kStride: n * 4, nStride: 4 };
    packPanels(backend, source, panels, { k, n });
    gemm(
      { run, wide } as SimdBackend,
      { m, n, k },
      rows(a, k * 4),
      packed(panels, k),
      { address: c, batch: 0, row: n * 4 },
      options,
    );
    return backend.floats(c, m * n).slice();
  });
}

describe('gemm', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 129, 300));
  const cases: fc.Arbitrary<Case> = fc.record({
    m: size,
    n: size,
    k: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(512, 600)),
    accumulate: fc.boolean(),
    upper: fc.boolean(),
  });

  it('gives the sums of products, whatever the width of its tiles', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { m, n, k } = c;
        const [a, b] = [new Random(1).uniform(m * k, -1, 1), new Random(2).uniform(k * n, -1, 1)];
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
      { numRuns: 60 },
    );
  });
});
