import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { createCritic3d } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  const critic = createCritic3d({ frames: 16, imageSize: 64, channels: 1 });
  const clips = tf.randomUniform([2, 16, 64, 64, 1], -1, 1); // batch, time, height, width, channels
  const scores = critic.predict(clips) as tf.Tensor; // [2, 1]
  // README
  expect(scores.shape).toEqual([2, 1]);
  tf.dispose([clips, scores]);
  critic.dispose();

  expectReadmeToShow(import.meta.url);
});
