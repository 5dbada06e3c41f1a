import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { createCritic3d } from './index.js';

it('does what the README shows', async () => {
  // README
  const critic = createCritic3d({ frames: 16, imageSize: 64, channels: 1 });
  const clips = tf.randomUniform([2, 16, 64, 64, 1], -1, 1); // batch, time, height, width, channels
  const scores = critic.predict(clips) as tf.Tensor; // [2, 1]
  // README
  expect(scores.shape).toEqual([2, 1]);
  tf.dispose([clips, scores]);
  critic.dispose();

  const [source, readme] = await Promise.all(
    [import.meta.url, '../README.md'].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  for (const line of source.split('// README')[1].split('\n')) {
    expect(readme).toContain(line.trim());
  }
});
