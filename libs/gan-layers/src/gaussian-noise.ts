import { Random, type RandomState } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import type { BatchShare } from './batch-share.js';

/** Options of {@link GaussianNoise}. */
export interface GaussianNoiseArgs {
  /** Layer name. */
  readonly name?: string;
  /** Standard deviation of the noise. */
  readonly stddev: number;
  /** Seed of its stream. Default 0. */
  readonly seed?: number;
}

/**
 * Adds N(0, stddev^2) noise in training, and nothing otherwise.
 *
 * Unlike `tf.layers.gaussianNoise` it draws from a seeded stream, which {@link noiseStates} reads
 * and {@link restoreNoise} sets back, so that a run can be repeated and resumed with the same
 * noise.
 *
 * Input and output: any one shape.
 */
export class GaussianNoise extends tf.layers.Layer {
  static readonly className = 'TganGaussianNoise';

  readonly stddev: number;
  readonly seed: number;
  /** Where the noise comes from. */
  random: Random;
  /** The part that this process has of a batch, see `shareBatch`. */
  share: BatchShare | undefined;

  constructor({ stddev, seed = 0, ...layer }: GaussianNoiseArgs) {
    super(layer);
    this.stddev = stddev;
    this.seed = seed;
    this.random = new Random(seed);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!kwargs.training) return x.clone();
      // Two dimensions, because tfjs's WebGPU kernels fail at rank 5.
      const rows = x.reshape([-1, x.shape[x.shape.length - 1]]) as tf.Tensor2D;
      return rows.add(this.#noise(rows.shape, x.shape[0])).reshape(x.shape);
    });
  }

  /** Of a shared batch, all noise is drawn: each process takes its part of the same. */
  #noise([rows, channels]: [number, number], batch: number): tf.Tensor2D {
    const { start, total } = this.share ?? { start: 0, total: batch };
    const each = rows / batch;
    const shape: [number, number] = [total * each, channels];
    const noise = tf.randomNormal(shape, 0, this.stddev, 'float32', this.random.seed());
    return (
      total === batch ? noise : noise.slice([start * each, 0], [rows, channels])
    ) as tf.Tensor2D;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), stddev: this.stddev, seed: this.seed };
  }
}

tf.serialization.registerClass(GaussianNoise);

/**
 * The states of a model's noise streams, for a checkpoint: one for each {@link GaussianNoise}
 * layer.
 */
export function noiseStates(model: tf.LayersModel): RandomState[] {
  return noiseLayers(model).map(({ random }) => random.state);
}

/**
 * Restores the noise streams of a model to states that {@link noiseStates} returned.
 *
 * @throws RangeError when the model has another number of noise layers.
 */
export function restoreNoise(model: tf.LayersModel, states: readonly RandomState[]): void {
  const layers = noiseLayers(model);
  if (layers.length !== states.length) {
    throw new RangeError(
      `${model.name} has ${layers.length} noise layers, but there are ${states.length} states for them`,
    );
  }
  layers.forEach((layer, i) => (layer.random = Random.restore(states[i])));
}

function noiseLayers(model: tf.LayersModel): GaussianNoise[] {
  return model.layers.filter((layer) => layer instanceof GaussianNoise);
}
