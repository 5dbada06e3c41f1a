import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Control, CONTROL_WORDS } from './layout.js';
import { registerSimdBackend } from './register.js';
import { isSmall } from './small.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
  await tf.setBackend('simd');
});
afterAll(() => vi.restoreAllMocks());

describe('small operations', () => {
  it('wake no thread, as in a step of a tiny LSTM', async () => {
    const model = tf.sequential({
      layers: [tf.layers.lstm({ units: 4, inputShape: [6, 3] }), tf.layers.dense({ units: 1 })],
    });
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const spy = vi.spyOn(Atomics, 'add');
    const wakes = () =>
      spy.mock.calls.filter(
        ([array, index]) => array.length === CONTROL_WORDS && index === Control.generation,
      );
    await model.trainOnBatch(tf.ones([8, 6, 3]), tf.ones([8, 1]));
    expect(wakes()).toEqual([]);
    tf.tidy(() => tf.ones([256, 256]).matMul(tf.ones([256, 256])));
    expect(wakes()).not.toEqual([]);
  });

  it('are told from large ones by what they move', () => {
    const pack = { source: 0, batch: 0, kStride: 4, nStride: 4, target: 0 };
    expect(isSmall('packPanels', 2, { ...pack, k: 8, columns: 16 })).toBe(true);
    expect(isSmall('packPanels', 64, { ...pack, k: 512, columns: 512 })).toBe(false);
    // Tasks of these move thousands of numbers.
    expect(isSmall('fill', 2, { target: 0, size: 20_000, block: 16_384, value: 0 })).toBe(false);
  });
});
