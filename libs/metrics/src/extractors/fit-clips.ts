import * as tf from '@tensorflow/tfjs';
import type { OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { MetricsError } from '../errors.js';
import { resizeFrames } from './resize.js';

const size = z.tuple([z.int().min(1), z.int().min(1)]);

/** How clips are fitted to a network. Done in this order; what is left out is not done. */
export interface FittingOptions {
  /** Takes the first frames only. */
  readonly frames?: number;
  /** Colors, and their order. */
  readonly channels?: 'gray' | 'rgb' | 'bgr';
  /** Resizes frames to `[height, width]`. */
  readonly size?: readonly [height: number, width: number];
  /** How they are resized. Default `bilinear`. */
  readonly method?: 'bilinear' | 'bicubic';
  /** Multiplies pixels, which come in [-1, 1]. Default 1. */
  readonly scale?: number;
  /** Is then added to them. Default 0. */
  readonly offset?: number;
  /** Is then subtracted: a value for each channel, or for each value of a clip as it is now. */
  readonly mean?: readonly number[] | Float32Array;
  /** Cuts `[height, width]` out of the middle. */
  readonly crop?: readonly [height: number, width: number];
  /** Order of the axes: batch, time, height, width, channels. Default `BTHWC`. */
  readonly layout?: 'BTHWC' | 'BCTHW' | 'BTCHW';
}

/** The schema of {@link FittingOptions}. */
export const fittingOptions = z.strictObject({
  frames: z.int().min(1).optional().describe('take the first frames only'),
  channels: z.enum(['gray', 'rgb', 'bgr']).optional().describe('colors, and their order'),
  size: size.optional().describe('resize frames to [height, width]'),
  method: z.enum(['bilinear', 'bicubic']).default('bilinear').describe('how they are resized'),
  scale: z.number().default(1).describe('multiply pixels, which come in [-1, 1]'),
  offset: z.number().default(0).describe('then add this to them'),
  mean: z
    .union([z.array(z.number()), z.instanceof(Float32Array)])
    .optional()
    .describe('then subtract a value for each channel, or for each value of a clip as it is now'),
  crop: size.optional().describe('cut [height, width] out of the middle'),
  layout: z
    .enum(['BTHWC', 'BCTHW', 'BTCHW'])
    .default('BTHWC')
    .describe('order of the axes: batch, time, height, width, channels'),
} satisfies OptionsShape<FittingOptions>);

/** How clips are fitted to a network, with the defaults filled in. */
export type Fitting = z.output<typeof fittingOptions>;

/**
 * Fits clips to a network.
 *
 * @param clips - `[batch, time, height, width, channels]`; stays the caller's.
 * @returns a tensor of the caller's, its axes in the order of `layout`.
 * @throws MetricsError when the clips have too few frames or pixels, or `mean` has another length
 * than they.
 */
export function fitClips(clips: tf.Tensor5D, fitting: Fitting): tf.Tensor5D {
  const { scale, offset, mean, layout, method } = fitting;
  const [batch, time] = clips.shape;
  const frames = fitting.frames ?? time;
  if (frames > time) {
    throw new MetricsError(`too few frames: ${frames} of a clip are needed, got ${time}`);
  }
  // Of rank 4 at most on the way: WebGPU has no shaders for some operations of rank 5.
  return tf.tidy(() => {
    let x = firstFrames(clips, frames);
    if (fitting.channels) x = toChannels(x, fitting.channels);
    if (fitting.size) x = resizeFrames(x, fitting.size, method);
    if (scale !== 1) x = x.mul(scale);
    if (offset !== 0) x = x.add(offset);
    if (mean) x = subtractMean(x, frames, mean);
    if (fitting.crop) x = centralCrop(x, fitting.crop);
    const [, height, width, channels] = x.shape;
    switch (layout) {
      case 'BTHWC':
        return x.reshape([batch, frames, height, width, channels]);
      case 'BCTHW':
        return x
          .reshape([batch, frames * height * width, channels])
          .transpose([0, 2, 1])
          .reshape([batch, channels, frames, height, width]);
      case 'BTCHW':
        return x
          .reshape([batch * frames, height * width, channels])
          .transpose([0, 2, 1])
          .reshape([batch, frames, channels, height, width]);
    }
  });
}

/** One line that says what {@link fitClips} does: two that differ do not give comparable scores. */
export function describeFitting(fitting: Fitting, meanFingerprint = ''): string {
  const { frames, channels, size, method, scale, offset, mean, crop, layout } = fitting;
  const parts = [
    frames && `first ${frames} frames`,
    channels,
    size && `${method} to ${size.join('x')}`,
    (scale !== 1 || offset !== 0) && `times ${scale} plus ${offset}`,
    mean && `minus mean ${mean.length > 4 ? meanFingerprint : mean.join(' ')}`,
    crop && `central ${crop.join('x')}`,
    layout,
  ];
  return parts.filter(Boolean).join(', ');
}

/** `[batch * frames, height, width, channels]` */
function firstFrames(clips: tf.Tensor5D, frames: number): tf.Tensor4D {
  const [batch, time, height, width, channels] = clips.shape;
  return clips
    .reshape([batch, time, height * width * channels])
    .slice([0, 0, 0], [batch, frames, -1])
    .reshape([batch * frames, height, width, channels]);
}

function toChannels(x: tf.Tensor4D, wanted: 'gray' | 'rgb' | 'bgr'): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  if (channels !== 1 && channels !== 3) {
    throw new MetricsError(`clips of 1 or 3 channels can be made ${wanted}, got ${channels}`);
  }
  const pixels = x.reshape<tf.Tensor2D>([count * height * width, channels]);
  if (wanted === 'gray') {
    // The luma of television and JPEG.
    const gray =
      channels === 1 ? pixels : tf.matMul(pixels, tf.tensor2d([0.299, 0.587, 0.114], [3, 1]));
    return gray.reshape([count, height, width, 1]);
  }
  const rgb = channels === 3 ? pixels : pixels.tile([1, 3]);
  return (wanted === 'rgb' ? rgb : rgb.reverse(1)).reshape([count, height, width, 3]);
}

function subtractMean(
  x: tf.Tensor4D,
  frames: number,
  mean: readonly number[] | Float32Array,
): tf.Tensor4D {
  const [count, height, width, channels] = x.shape;
  const ofClip = frames * height * width * channels;
  if (mean.length !== channels && mean.length !== ofClip) {
    throw new MetricsError(
      `mean: expected ${channels} values, or ${ofClip} of a clip ${frames}x${height}x${width}x${channels}, got ${mean.length}`,
    );
  }
  const rows = x.reshape([(count * height * width * channels) / mean.length, mean.length]);
  return rows.sub(tf.tensor1d(mean as number[])).reshape(x.shape);
}

function centralCrop(x: tf.Tensor4D, [height, width]: readonly [number, number]): tf.Tensor4D {
  const [count, rows, columns, channels] = x.shape;
  if (height > rows || width > columns) {
    throw new MetricsError(`crop: ${height}x${width} is larger than frames of ${rows}x${columns}`);
  }
  const top = Math.floor((rows - height) / 2);
  const left = Math.floor((columns - width) / 2);
  return x.slice([0, top, left, 0], [count, height, width, channels]);
}
