import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { registerSimdBackend } from './index.js';

it('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const test = readFileSync(new URL(import.meta.url), 'utf8').replace(/^ {2}/gm, '');
  const example = /```ts\n[^`]*?\n\n([^`]*)```/.exec(readme)![1];
  expect(test).toContain(example);

  await registerSimdBackend();
  await tf.setBackend('simd');

  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [16, 16, 1], filters: 8, kernelSize: 4, strides: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  await model.fit(tf.ones([4, 16, 16, 1]), tf.zeros([4, 1]), { epochs: 2, verbose: 0 });

  expect(tf.getBackend()).toBe('simd');
});
