import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { createTemporalGenerator } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  const generator = createTemporalGenerator({ latentSize: 100, frames: 16 });
  const z0 = tf.randomUniform([2, 100], -1, 1);
  const z1 = generator.predict(z0) as tf.Tensor; // [2, 16, 100], in (-1, 1)
  // README
  expect(z1.shape).toEqual([2, 16, 100]);
  tf.dispose([z0, z1]);
  generator.dispose();

  expectReadmeToShow(import.meta.url);
});
