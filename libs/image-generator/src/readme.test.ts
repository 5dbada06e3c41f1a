import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { createImageGenerator } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  const generator = createImageGenerator({ imageSize: 64, channels: 3 });
  const z0 = tf.randomUniform([5, 100], -1, 1); // the video's latent, once for each frame
  const z1 = tf.randomUniform([5, 100], -1, 1); // the frame's own
  const frames = generator.predict([z0, z1]) as tf.Tensor; // [5, 64, 64, 3], in (-1, 1)
  // README
  expect(frames.shape).toEqual([5, 64, 64, 3]);
  tf.dispose([z0, z1, frames]);
  generator.dispose();

  expectReadmeToShow(import.meta.url);
});
