import { fromPixels, Random, toPixels } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { DualCriticGan, latentPath, placeSprites, sampleFrames } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { expose } from 'comlink';
import type { Clips } from './clips.js';
import { loadNetwork, openRun, runAt } from './run.js';

/** Latents of videos, one after the other, and the label of each video. */
export interface Videos {
  readonly z0: Float32Array;
  readonly labels: readonly number[];
}

/** The model that is open. Pages open one before they ask anything. */
let gan: DualCriticGan;

/** What the home page and the figures ask of the model. */
const figureModel = {
  /** Opens the run in a folder on the web. @returns sizes, and the threads that compute. */
  async open(url: string) {
    const { threads } = await registerSimdBackend();
    await tf.setBackend('simd');
    const read = runAt(url);
    const model = await openRun(read);
    if (!(model instanceof DualCriticGan)) throw new Error('the figures show a tgan-dual model');
    await loadNetwork(model.critic, read, 'models/critic');
    gan = model;
    const { frames, imageSize, latentSize, classes } = gan.options;
    return { frames, imageSize, latentSize, classes, threads };
  },

  /** The latents that `tgan sample` draws from a seed. */
  latents({ seed, count }: { seed: number; count: number }) {
    return valuesOf(gan.latents(count, new Random(seed)));
  },

  /** Whole videos, and how long they took. */
  async sample({ z0, labels }: Videos) {
    const start = performance.now();
    const pixels = await clips(() => gan.generate(latents(z0), { labels: ids(labels) }));
    return { pixels, milliseconds: performance.now() - start };
  },

  /** The z1 of all frames, two numbers each: down and to the right. */
  paths({ z0, labels }: Videos) {
    return valuesOf(
      tf.tidy(() => gan.temporalGenerator.predict([latents(z0), oneHot(labels)]) as tf.Tensor),
    );
  },

  /** The pictures that are moved from frame to frame. */
  sprites(videos: Videos) {
    return clips(() => spritesOf(videos).expandDims(1) as tf.Tensor5D);
  },

  /** One video whose z1 are given, in place of those that G0 makes. */
  along({ z1, ...video }: Videos & { z1: Float32Array }) {
    return clips(() => {
      const places = tf.tensor3d(z1, [1, z1.length / 2, 2]);
      const { imageSize, wholePixels } = gan.options;
      const frames = placeSprites(spritesOf(video), places, imageSize, 1, wholePixels);
      return frames.expandDims(0) as tf.Tensor5D;
    });
  },

  /** The frames at any times, in frames from the first. */
  at({ z0, labels, times }: Videos & { times: readonly number[] }) {
    return clips(() => sampleFrames(gan, latents(z0), times, { labels: ids(labels) }));
  },

  /** Latents on the way from one to another, including both. */
  way({ from, to, steps, path }: Way) {
    return valuesOf(tf.tidy(() => latentPath(latents(from), latents(to), steps, path)));
  },

  /** The critic's score of each video, and the gradient of the scores by the pixels. */
  async judge({ clips, labels }: { clips: Clips; labels: readonly number[] }) {
    const [x, y] = [tensorOf(clips), ids(labels)];
    const score = (x: tf.Tensor) => gan.score(x as tf.Tensor5D, { labels: y });
    const [scores, gradient] = tf.tidy(() => [score(x), tf.grad((x) => score(x).sum())(x)]);
    tf.dispose([x, y]);
    return { scores: await valuesOf(scores), gradient: await valuesOf(gradient) };
  },
};

interface Way {
  readonly from: Float32Array;
  readonly to: Float32Array;
  readonly steps: number;
  readonly path: 'linear' | 'spherical';
}

/** What {@link expose} makes of it for the page: the same questions, answered later. */
export type FigureModel = typeof figureModel;

const latents = (z0: Float32Array): tf.Tensor2D =>
  tf.tensor2d(z0, [z0.length / gan.options.latentSize, gan.options.latentSize]);

const ids = (labels: readonly number[]): tf.Tensor1D => tf.tensor1d([...labels], 'int32');

const oneHot = (labels: readonly number[]): tf.Tensor =>
  tf.oneHot(ids(labels), gan.options.classes).toFloat();

const spritesOf = ({ z0, labels }: Videos): tf.Tensor4D =>
  gan.imageGenerator.predict([latents(z0), oneHot(labels)]) as tf.Tensor4D;

const tensorOf = ({ shape, data }: Clips): tf.Tensor5D =>
  tf.tensor5d(fromPixels(data), [...shape, 1]);

/** Reads a tensor and disposes it. */
async function valuesOf(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data();
  tensor.dispose();
  return values as Float32Array;
}

async function clips(make: () => tf.Tensor5D): Promise<Clips> {
  const videos = tf.tidy(make);
  const [count, frames, height, width] = videos.shape;
  return { shape: [count, frames, height, width], data: toPixels(await valuesOf(videos)) };
}

expose(figureModel);
