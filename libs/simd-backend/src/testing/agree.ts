import { Random } from '@tgan/core';
import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, vi } from 'vitest';
import type { SimdBackend } from '../backend.js';

interface Result {
  readonly shape: number[];
  readonly dtype: string;
  readonly values: Float32Array;
}

async function on(name: string, f: () => tf.Tensor | tf.Tensor[]): Promise<Result[]> {
  await tf.setBackend(name);
  return tf.tidy(() =>
    [f()].flat().map((t) => ({
      shape: t.shape,
      dtype: t.dtype,
      values: Float32Array.from(t.dataSync()),
    })),
  );
}

/** Runs `f` on both backends, and expects the same results, from kernels of ours. */
export async function agree(
  kernels: readonly string[],
  f: () => tf.Tensor | tf.Tensor[],
  tolerance = 0,
): Promise<void> {
  const expected = await on('cpu', f);
  const runs = vi.spyOn(tf.findBackend('simd') as unknown as SimdBackend, 'run');
  const actual = await on('simd', f);
  const ran = runs.mock.calls.map(([kernel]) => kernel);
  runs.mockRestore();
  expect(ran).toEqual(expect.arrayContaining([...kernels]));
  expect(actual).toHaveLength(expected.length);
  expected.forEach(({ shape, dtype, values }, i) => {
    expect(actual[i]).toMatchObject({ shape, dtype });
    if (tolerance === 0) expect(actual[i].values).toEqual(values);
    else expectClose(actual[i].values, values, tolerance, `result ${i}`);
  });
}

/** Whole numbers, without -0: some are equal, so that several are the largest. */
export const coarse = (shape: number[], seed: number) => {
  const random = new Random(seed);
  const values = random
    .uniform(tf.util.sizeFromShape(shape), -4, 4)
    .map((value) => Math.round(value) + 0);
  return tf.tensor(values, shape);
};
export const smooth = (shape: number[], seed: number) =>
  tf.tensor(new Random(seed).uniform(tf.util.sizeFromShape(shape), -2, 2), shape);

/** For properties. */
export const runs = { numRuns: 40 };
export const size = fc.integer({ min: 1, max: 9 });
/** Fewer than a vector of channels, several, and a rest. */
export const channels = fc.constantFrom(1, 3, 4, 7, 16, 21, 40);
