import { Random } from '@tgan/core';
import { transition, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { filmOf, type Film } from './film.js';

/**
 * Videos of a seed as a film, and the latents that they were made of: [videos, latentSize], the
 * caller's to dispose.
 *
 * @param labelOf - the label of each video, for a conditional model.
 */
export async function sampleFilm(
  model: VideoModel,
  seed: number,
  videos: number,
  labelOf: (video: number) => number | undefined,
): Promise<{ film: Film; z0: tf.Tensor2D }> {
  const z0 = model.latents(videos, new Random(seed));
  const labels = Array.from({ length: videos }, (_, video) => labelOf(video)).filter(
    (label) => label !== undefined,
  );
  const generate = () =>
    model.generate(z0, labels.length > 0 ? { labels: tf.tensor1d(labels, 'int32') } : {});
  return { film: await toFilm(tf.tidy(generate)), z0 };
}

/**
 * The way from one of the videos to another, a film for each step.
 *
 * @param label - of all films, for a conditional model.
 */
export async function transitionFilms(
  model: VideoModel,
  z0: tf.Tensor2D,
  [from, to]: readonly [number, number],
  steps: number,
  label: number | undefined,
): Promise<Film[]> {
  const ends = [from, to].map((row) => z0.slice([row, 0], [1, -1]));
  const videos = transition(model, ends[0], ends[1], { steps, path: 'spherical', label });
  const each = tf.split(videos, steps) as tf.Tensor5D[];
  tf.dispose([...ends, videos]);
  return Promise.all(each.map(toFilm));
}

/** Starts the quickest backend that this browser has. */
export async function startBackend(): Promise<string> {
  for (const name of ['webgl', 'cpu']) {
    if (await tf.setBackend(name).catch(() => false)) break;
  }
  await tf.ready();
  return tf.getBackend();
}

/** Reads videos off the backend and disposes them. */
async function toFilm(videos: tf.Tensor5D): Promise<Film> {
  const film = filmOf(await videos.data(), videos.shape);
  videos.dispose();
  return film;
}
