import type { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The frames of a clip that a critic of glimpses sees: `first`, `first + gap`, `first + 2 gap`, ...
 */
export interface Glimpse {
  /** The first frame, from 0. */
  readonly first: number;
  /** Frames from one to the next. */
  readonly gap: number;
}

/** The choice of glimpses. */
export interface GlimpseSizes {
  /** Frames of a clip. */
  readonly frames: number;
  /** Frames of a glimpse. */
  readonly glimpseFrames: number;
  /** The gaps, all equally likely. The widest glimpse fits into a clip. */
  readonly glimpseGaps: readonly number[];
}

/** How far beyond the ends of a clip a start is drawn, to be moved back to the end. */
const overhang = 2;

/**
 * Draws a glimpse for each of `count` clips. First and last frames come up more often than a
 * uniform start would have them, because few glimpses hold them.
 */
export function drawGlimpses(count: number, sizes: GlimpseSizes, random: Random): Glimpse[] {
  const { frames, glimpseFrames, glimpseGaps } = sizes;
  return Array.from({ length: count }, () => {
    const gap = glimpseGaps[random.integer(glimpseGaps.length)];
    const last = frames - 1 - (glimpseFrames - 1) * gap;
    const start = random.integer(last + 1 + 2 * overhang) - overhang;
    return { first: Math.min(Math.max(start, 0), last), gap };
  });
}

/** The glimpse in the middle of a clip, with the widest gap. */
export function middleGlimpse({ frames, glimpseFrames, glimpseGaps }: GlimpseSizes): Glimpse {
  const gap = Math.max(...glimpseGaps);
  return { first: Math.floor((frames - 1 - (glimpseFrames - 1) * gap) / 2), gap };
}

/**
 * Takes the rows of each clip's glimpse.
 *
 * It is a product with zeros and ones, because the gradient of `tf.gather` is slow on most
 * backends.
 *
 * @param rows - [batch, frames, size], one row a frame.
 * @returns [batch, glimpseFrames, size]; the caller disposes it.
 */
export function pickRows(
  rows: tf.Tensor3D,
  glimpses: readonly Glimpse[],
  { frames, glimpseFrames }: GlimpseSizes,
): tf.Tensor3D {
  return tf.tidy(() => {
    const ones = new Float32Array(glimpses.length * glimpseFrames * frames);
    glimpses.forEach(({ first, gap }, clip) => {
      for (let i = 0; i < glimpseFrames; i++) {
        ones[(clip * glimpseFrames + i) * frames + first + i * gap] = 1;
      }
    });
    const picked = tf.tensor3d(ones, [glimpses.length, glimpseFrames, frames]);
    return tf.matMul(picked, rows);
  });
}

/**
 * Stacks the frames of glimpses by channel, and adds a plane of the gap, as a part of the widest,
 * and one of the time of the first frame, from -1 to 1.
 *
 * @param pictures - [batch, glimpseFrames, pixels * channels].
 * @param channels - of a frame.
 * @returns [batch, pixels, glimpseFrames * channels + 2]; the caller disposes it.
 */
export function stackGlimpses(
  pictures: tf.Tensor3D,
  glimpses: readonly Glimpse[],
  { frames, glimpseFrames, glimpseGaps }: GlimpseSizes,
  channels: number,
): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, , size] = pictures.shape;
    const pixels = size / channels;
    const stacked = pictures
      .reshape([batch, glimpseFrames, pixels, channels])
      .transpose([0, 2, 1, 3])
      .reshape([batch, pixels, glimpseFrames * channels]);
    const widest = Math.max(...glimpseGaps);
    const when = glimpses.map(({ first, gap }) => [gap / widest, (2 * first) / frames - 1]);
    const planes = tf.tensor2d(when).expandDims(1).tile([1, pixels, 1]);
    return tf.concat([stacked, planes], 2) as tf.Tensor3D;
  });
}
