import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { clipGamma } from './index.js';

describe('clipGamma', () => {
  const gamma = [-1, 0, 0.005, 1, 1.9, 2.00001, 5];
  const variance = Array(7).fill(4);

  it('keeps a scale in [0.01 s, s] as the original code does', () => {
    tf.tidy(() => {
      const clipped = clipGamma(tf.tensor1d(gamma), tf.tensor1d(variance), 'original', 3);
      expectClose(clipped, [0.02, 0.02, 0.02, 1, 1.9, 2, 2], 1e-7);
    });
  });

  it("keeps it above 0 and up to sqrt(v + epsilon) by the paper's rule", () => {
    tf.tidy(() => {
      const clipped = clipGamma(tf.tensor1d(gamma), tf.tensor1d(variance), 'paper', 0.41);
      expectClose(clipped, [2.1e-6, 2.1e-6, 0.005, 1, 1.9, 2.00001, 2.1], 1e-7);
      expect(clipped.min().dataSync()[0]).toBeGreaterThan(0);
    });
  });

  it('makes inference of a batch norm stretch nothing', () => {
    tf.tidy(() => {
      const layer = tf.layers.batchNormalization({ epsilon: 1e-3, inputShape: [3] });
      layer.build([null, 3]);
      const v = tf.tensor1d([1e-6, 1, 100]);
      const clipped = clipGamma(tf.fill([3], 1e6), v, 'paper', 1e-3);
      layer.setWeights([clipped, tf.zeros([3]), tf.zeros([3]), v]);
      const steps = layer.apply(tf.tensor2d([[1, 1, 1]]), { training: false }) as tf.Tensor;
      expectClose(steps, [1, 1, 1], 1e-5);
    });
  });
});
