import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import type { SimdBackend } from './backend.js';
import { Fallbacks } from './fallbacks.js';
import { registerSimdBackend } from './register.js';

let backend: SimdBackend;
beforeAll(async () => {
  backend = await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
});

it('adds up calls and time, and lists what took longest first', () => {
  let time = 0;
  const fallbacks = new Fallbacks(() => time);
  const takes = (milliseconds: number) => () => (time += milliseconds);
  fallbacks.run('Short', takes(1));
  fallbacks.run('Long', takes(7));
  expect(() =>
    fallbacks.run('Short', () => {
      time += 2;
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect(fallbacks.list()).toEqual([
    { kernel: 'Long', calls: 1, milliseconds: 7 },
    { kernel: 'Short', calls: 2, milliseconds: 3 },
  ]);
  fallbacks.clear();
  expect(fallbacks.list()).toEqual([]);
});

const counted = () => backend.fallbacks().map(({ kernel, calls }) => [kernel, calls]);

it('knows operations without a kernel of ours, and calls that our kernel does not take', () => {
  backend.clearFallbacks();
  tf.tidy(() => {
    tf.ones([2, 3])
      .matMul(tf.ones([3, 2]))
      .relu();
    expect(counted()).toEqual([]);
    tf.erf(tf.ones([3]));
    tf.erf(tf.ones([3]));
    tf.tensor1d([1, 2], 'int32').add(tf.tensor1d([1, 2], 'int32'));
  });
  expect(counted().sort()).toEqual([
    ['Add', 1],
    ['Erf', 2],
  ]);
  for (const { milliseconds } of backend.fallbacks())
    expect(milliseconds).toBeGreaterThanOrEqual(0);
  backend.clearFallbacks();
  expect(counted()).toEqual([]);
});

it('does not count what only renames values', () => {
  backend.clearFallbacks();
  tf.tidy(() => {
    tf.ones([2, 3]).reshape([6]).clone().expandDims(0);
  });
  expect(counted()).toEqual([]);
});
