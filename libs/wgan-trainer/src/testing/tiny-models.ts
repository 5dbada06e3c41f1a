import { Random } from '@tgan/core';
import { Conv3dGan, Vgan, VideoGan, type VideoGanOptions, type VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { Gan, RealBatch } from '../gan.js';

const sizes = { latentSize: 4, frames: 4, imageSize: 16, channels: 1, criticWidths: [2, 2] };

/** A model of @tgan/video-gan that a test disposes. */
export type TinyModel = Gan<tf.Tensor5D> & Pick<VideoModel, 'dispose'>;

/** A Temporal GAN so small that a step takes a few milliseconds. */
export const tinyGan = (options: VideoGanOptions = {}): VideoGan =>
  new VideoGan({ ...sizes, temporalWidths: [4, 4], imageWidths: [4, 2, 2], ...options });

/** A VGAN of that size. */
export const tinyVgan = (maskPenalty?: number): Vgan =>
  new Vgan({ ...sizes, generatorWidths: [4, 2], maskPenalty });

/** Every kind of model, at that size. */
export const tinyModels: Record<string, () => TinyModel> = {
  tgan: () => tinyGan(),
  'tgan-z1': () => tinyGan({ seesZ0: false }),
  'conditional tgan': () => tinyGan({ classes: 3 }),
  '3d': () => new Conv3dGan({ ...sizes, generatorWidths: [4, 2] }),
  vgan: () => tinyVgan(),
};

/**
 * An endless stream of seeded noise, as batches of two clips, with labels for three classes if
 * asked for.
 */
export function tinyBatches(seed: number, labeled = false): () => Promise<RealBatch<tf.Tensor5D>> {
  const random = new Random(seed);
  const shape: [number, number, number, number, number] = [2, 4, 16, 16, 1];
  return async () => ({
    samples: tf.tensor5d(random.uniform(tf.util.sizeFromShape(shape), -1, 1), shape),
    ...(labeled && { labels: tf.tensor1d([random.integer(3), 2], 'int32') }),
  });
}

/** Copies of the values of variables. */
export const valuesOf = (variables: readonly tf.Variable[]): Float32Array[] =>
  variables.map((variable) => Float32Array.from(variable.dataSync()));

/** Copies of all weights of a model, running statistics included. */
export const weightsOf = ({ networks }: Pick<Gan, 'networks'>): Float32Array[] =>
  valuesOf(
    Object.values(networks).flatMap((network) =>
      network.weights.map((weight) => weight.read() as tf.Variable),
    ),
  );
