import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { oneLabel } from './labels.js';
import { latentPath } from './latents.js';
import {
  transitionFilmOptions,
  transitionOptions,
  type TransitionFilmOptions,
  type TransitionOptions,
} from './manipulation-options.js';
import type { VideoGan } from './video-gan.js';
import type { VideoModel } from './video-model.js';

/**
 * A series of videos from one to another, to be shown side by side.
 *
 * @param from - z0 of the first video, [1, latentSize].
 * @param to - z0 of the last, [1, latentSize].
 * @returns [steps, frames, height, width, channels] in (-1, 1), of which the first and the last are
 * the two videos; the caller disposes it.
 * @throws OptionsError when an option is out of range; LabelError when the label does not fit the
 * model.
 */
export function transition(
  model: VideoModel,
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  options: TransitionOptions = {},
): tf.Tensor5D {
  const { steps, path, label } = parseOptions(transitionOptions, options, 'transition');
  return tf.tidy(() => model.generate(latentPath(from, to, steps, path), oneLabel(label, steps)));
}

/**
 * One film that shows a video, turns it into another while its time runs backward, and shows the
 * other.
 *
 * Between the two videos every frame has a z0 on the path from the one to the other, and a time on
 * the way from the last moment back to the first, so that neither the content nor the motion jumps.
 *
 * @param from - z0 of the first video, [1, latentSize].
 * @param to - z0 of the last video, [1, latentSize].
 * @returns [1, frames + between + frames, height, width, channels] in (-1, 1); the caller disposes
 * it.
 * @throws OptionsError when an option is out of range; LabelError when the label does not fit the
 * model.
 */
export function transitionFilm(
  gan: VideoGan,
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  options: TransitionFilmOptions = {},
): tf.Tensor5D {
  const { between, path, label } = parseOptions(transitionFilmOptions, options, 'transition film');
  const { frames } = gan.options;
  // Rows 0 and between + 1 of the path are the two ends.
  const end = between + 1;
  const times = Array.from({ length: frames }, (_, time) => time);
  const moments = [
    ...times.map((time) => ({ video: 0, time })),
    ...Array.from({ length: between }, (_, i) => ({
      video: i + 1,
      time: ((frames - 1) * (between - i)) / end,
    })),
    ...times.map((time) => ({ video: end, time })),
  ];
  return tf.tidy(() => {
    const z0 = latentPath(from, to, end + 1, path);
    const film = gan.framesAt(z0, moments, oneLabel(label, end + 1));
    return film.expandDims(0) as tf.Tensor5D;
  });
}
