import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { Random } from '@tgan/core';
import { interpolate, project, transitionFilm, VideoGan } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  const gan = new VideoGan({ imageSize: 32, channels: 1, imageWidths: [64, 32, 16, 8] });
  const random = new Random(42);
  const clips = gan.sample(2, random); // [2, 16, 32, 32, 1] in (-1, 1)

  const [one, other] = [gan.latents(1, random), gan.latents(1, random)];
  const smooth = interpolate(gan, one, { factor: 2 }); // 31 frames, every second one an original
  const film = transitionFilm(gan, one, other, { between: 16, path: 'spherical' });

  // Which latent makes a clip whose first 8 frames are like these?
  const clip = gan.generate(other);
  const { z0, error, unseenError } = await project(gan, clip, { fitFrames: 8, steps: 5 });
  // README
  expect(clips.shape).toEqual([2, 16, 32, 32, 1]);
  expect(smooth.shape).toEqual([1, 31, 32, 32, 1]);
  expect(film.shape).toEqual([1, 48, 32, 32, 1]);
  expect(z0.shape).toEqual([1, 100]);
  expect(error).toBeGreaterThan(0);
  expect(unseenError).toBeGreaterThan(0);
  tf.dispose([clips, one, other, smooth, film, clip, z0]);
  gan.dispose();

  expectReadmeToShow(import.meta.url);
});
