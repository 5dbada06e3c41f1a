import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './config.js';
import { pleasantScale, writePicture } from './pictures.js';
import type { RunFolder } from './run-folder.js';

/**
 * Writes a sheet of samples at fixed latents: one that moves, and a strip.
 *
 * @returns the path of the one that moves.
 */
export async function writeSamples(
  run: RunFolder,
  { sampleFormat, model: { imageSize } }: RunConfig,
  model: VideoModel,
  z0: tf.Tensor2D,
  step: number,
): Promise<string> {
  const videos = tf.tidy(() => model.generate(z0, { labels: everyLabel(model, z0.shape[0]) }));
  const name = `step-${String(step).padStart(7, '0')}`;
  const look = { scale: pleasantScale(imageSize), fps: 10 };
  const moving = run.part('samples', `${name}.${sampleFormat}`);
  await writePicture(moving, videos, sampleFormat, look);
  await writePicture(run.part('samples', `${name}.png`), videos, 'png', { ...look, scale: 1 });
  videos.dispose();
  return moving;
}

/** For a conditional model, each label in turn. */
export function everyLabel({ options: { classes = 0 } }: VideoModel, count: number) {
  if (classes === 0) return undefined;
  return tf.tensor1d(
    Int32Array.from({ length: count }, (_, i) => i % classes),
    'int32',
  );
}
