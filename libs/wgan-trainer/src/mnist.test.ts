import { Random } from '@tgan/core';
import { mnistDigits } from '@tgan/datasets';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectReadmeToShow } from '../../../tools/readme-example.js';
import { createGan, WganTrainer, type StepMetrics } from './index.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
});
afterAll(() => tf.setBackend('cpu'));

it('trains two plain LayersModels on images of MNIST, as the README shows', async () => {
  const steps = 150;
  const tensors: number[] = [];
  const seen: StepMetrics[] = [];
  const console = {
    log: (metrics: StepMetrics) => (seen.push(metrics), tensors.push(tf.memory().numTensors)),
  };
  const { conv2d, conv2dTranspose, dense, flatten, leakyReLU, reLU, reshape } = tf.layers;
  await expectNoLeaks(async () => {
    // README
    const start = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) });
    const wide = { kernelSize: 4, strides: 2, padding: 'same' } as const;
    const generator = tf.sequential({
      layers: [
        dense({ units: 7 * 7 * 16, inputShape: [32], ...start(1) }),
        reLU(),
        reshape({ targetShape: [7, 7, 16] }),
        conv2dTranspose({ filters: 8, ...wide, ...start(2) }),
        reLU(),
        conv2dTranspose({ filters: 1, activation: 'tanh', ...wide, ...start(3) }),
      ],
    });
    const critic = tf.sequential({
      layers: [
        conv2d({ filters: 8, inputShape: [28, 28, 1], ...wide, ...start(4) }),
        leakyReLU({ alpha: 0.2 }),
        conv2d({ filters: 16, ...wide, ...start(5) }),
        leakyReLU({ alpha: 0.2 }),
        flatten(),
        dense({ units: 1, ...start(6) }),
      ],
    });
    const trainer = new WganTrainer(createGan({ generator, critic }), { learningRate: 1e-3 });
    const digits = await mnistDigits();
    const random = new Random(7);
    for (let i = 0; i < 150; i++) {
      const at = Array.from({ length: 16 }, () => 784 * random.integer(digits.count));
      const pixels = at.flatMap((from) => [...digits.pixels.subarray(from, from + 784)]);
      const scaled = pixels.map((pixel) => pixel / 128 - 1);
      console.log(await trainer.step({ samples: tf.tensor4d(scaled, [16, 28, 28, 1]) }));
    }
    // README
    const drawn = tf.tidy(() => {
      const z = trainer.model.latents(64, new Random(8));
      return trainer.model.generate(z).mean(0).flatten().arraySync() as number[];
    });
    // The mean digit is bright in the middle and black at the border.
    const mean = (rows: number[]) =>
      rows.reduce((sum, row) => sum + drawn.slice(28 * row + 8, 28 * row + 20).reduce(plus), 0) /
      (12 * rows.length);
    expect(mean([10, 12, 14, 16])).toBeGreaterThan(mean([0, 1, 26, 27]) + 0.3);
    trainer.dispose();
    generator.dispose();
    critic.dispose();
  });
  expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  expect(seen[4].clipping?.kernels.map(({ name }) => name.split('/')[1])).toEqual(
    Array(3).fill('kernel'),
  );
  expect(new Set(tensors.slice(1)).size).toBe(1);
  expectReadmeToShow(import.meta.url);
});

const plus = (a: number, b: number) => a + b;
