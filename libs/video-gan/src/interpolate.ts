import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import {
  extendOptions,
  interpolateOptions,
  type ExtendOptions,
  type InterpolateOptions,
} from './manipulation-options.js';
import type { VideoGan } from './video-gan.js';
import type { Mode } from './video-model.js';

/**
 * The frames of videos at any times, also between frames and in any order.
 *
 * @param z0 - [batch, latentSize].
 * @param times - in frames from the first, 0 .. frames - 1; see `VideoGan.framesAt` for times
 * between frames.
 * @returns [batch, times, height, width, channels] in (-1, 1); the caller disposes it.
 * @throws RangeError when a time lies outside the video; LabelError when labels do not fit.
 */
export function sampleFrames(
  gan: VideoGan,
  z0: tf.Tensor2D,
  times: readonly number[],
  mode: Pick<Mode, 'labels'> = {},
): tf.Tensor5D {
  return tf.tidy(() => {
    const videos = Array.from({ length: z0.shape[0] }, (_, video) => video);
    const moments = videos.flatMap((video) => times.map((time) => ({ video, time })));
    const frames = gan.framesAt(z0, moments, mode);
    const [, ...frame] = frames.shape;
    return frames.reshape([videos.length, times.length, ...frame]);
  });
}

/**
 * Videos with frames between their frames (paper, frame interpolation). Every original frame stays
 * as it is.
 *
 * @param z0 - [batch, latentSize].
 * @returns [batch, (frames - 1) * factor + 1, height, width, channels] in (-1, 1); the caller
 * disposes it. Every `factor`-th frame is an original one.
 * @throws OptionsError when the factor is no whole number of at least 1; LabelError when labels do
 * not fit.
 */
export function interpolate(
  gan: VideoGan,
  z0: tf.Tensor2D,
  options: InterpolateOptions = {},
  mode: Pick<Mode, 'labels'> = {},
): tf.Tensor5D {
  const { factor } = parseOptions(interpolateOptions, options, 'interpolate');
  const last = gan.options.frames - 1;
  const times = Array.from({ length: last * factor + 1 }, (_, i) => i / factor);
  return sampleFrames(gan, z0, times, mode);
}

/**
 * Longer videos, made from the same frames.
 *
 * The temporal generator makes a fixed number of latents, so there is no next frame. A video can
 * only be repeated back and forth, or slowed down. (`project` finds a video that begins as this one
 * ends.)
 *
 * @param z0 - [batch, latentSize].
 * @returns [batch, options.frames, height, width, channels] in (-1, 1); the caller disposes it.
 * `ping-pong` begins with all frames of the video as they are; `slow` begins with its first and
 * ends with its last.
 * @throws OptionsError when an option is out of range; LabelError when labels do not fit.
 */
export function extend(
  gan: VideoGan,
  z0: tf.Tensor2D,
  options: ExtendOptions,
  mode: Pick<Mode, 'labels'> = {},
): tf.Tensor5D {
  const { frames, by } = parseOptions(extendOptions, options, 'extend');
  const last = gan.options.frames - 1;
  const timeOf = {
    'ping-pong': (i: number) => last - Math.abs(last - (i % Math.max(1, 2 * last))),
    slow: (i: number) => Math.min(last, (i * last) / Math.max(1, frames - 1)),
  }[by];
  return sampleFrames(
    gan,
    z0,
    Array.from({ length: frames }, (_, i) => timeOf(i)),
    mode,
  );
}
