import { Random } from '@tgan/core';
import { openRun, pictureFormat } from '@tgan/runs';
import { interpolate as interpolateFrames, sampleFrames } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { log } from '../log.js';
import { present, videosOf } from '../present.js';
import type { PictureFlags } from '../program/picture-flags.js';

/** What `tgan interpolate` takes. */
export interface InterpolateOptions extends PictureFlags {
  readonly factor: number;
  readonly count: number;
  readonly seed: number;
  /** The label, for a conditional model. */
  readonly label?: string;
  /** Whether to show the original videos too. */
  readonly beside?: boolean;
}

/** Makes videos with more frames between their frames and writes them as one picture. */
export async function interpolate(folder: string, options: InterpolateOptions): Promise<void> {
  pictureFormat(options.out);
  const { factor, count, seed, beside } = options;
  const run = await openRun(folder, { ...options, onNote: log });
  const gan = run.temporalGan('interpolate');
  const label = await run.label(options.label);
  const videos = tf.tidy(() => {
    const z0 = gan.latents(count, new Random(seed));
    const labels =
      label === undefined ? undefined : tf.tensor1d(new Int32Array(count).fill(label), 'int32');
    const smooth = interpolateFrames(gan, z0, { factor }, { labels });
    if (!beside) return smooth;
    // The original shows each frame until the next one.
    const [, frames, ...frame] = smooth.shape;
    const times = Array.from({ length: frames }, (_, i) => Math.floor(i / factor));
    const rows = [sampleFrames(gan, z0, times, { labels }), smooth].map((videos) =>
      videos.reshape([count, -1]),
    );
    return tf.stack(rows, 1).reshape<tf.Tensor5D>([2 * count, frames, ...frame]);
  });
  run.dispose();
  const frames = videos.shape[1];
  await present(videos, options, {
    shown: `${videosOf(count)} of ${frames} frames`,
    fps: Math.min(50, 10 * factor),
    columns: beside ? 2 : undefined,
    figures: { frames },
  });
}
