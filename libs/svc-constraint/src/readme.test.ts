import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { clipModel } from './index.js';

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');

/** The lines between two markers in this file, as they stand in the README. */
function example(): string {
  const [, marked] = read('./readme.test.ts').split(/^ *\/\/ (?:begin|end)$/m);
  return marked.replace(/^ {2}/gm, '').trim();
}

it('the example of the README runs and keeps a critic clipped', async () => {
  // begin
  // Stand-ins for your generator and your data.
  const generated = () => tf.randomUniform([8, 16, 16, 1], -1, 0);
  const realBatch = () => tf.randomUniform([8, 16, 16, 1], 0, 1);

  const critic = tf.sequential();
  critic.add(tf.layers.conv2d({ filters: 16, kernelSize: 4, strides: 2, inputShape: [16, 16, 1] }));
  critic.add(tf.layers.leakyReLU({ alpha: 0.2 }));
  critic.add(tf.layers.flatten());
  critic.add(tf.layers.dense({ units: 1 }));
  const optimizer = tf.train.rmsprop(0.01);
  const score = (x: tf.Tensor) => tf.mean(critic.apply(x) as tf.Tensor);

  for (let step = 1; step <= 10; step++) {
    optimizer.minimize(() => score(generated()).sub(score(realBatch())));
    if (step % 5 === 0) await clipModel(critic); // every kernel's singular values are now at most 1
  }
  // end

  expect(read('../README.md')).toContain(example());
  for (const { before } of (await clipModel(critic)).kernels) {
    expect(before).toBeGreaterThan(0.99);
    expect(before).toBeLessThanOrEqual(1 + 1e-5);
  }
});
