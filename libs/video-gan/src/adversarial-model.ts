import type { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { oneHotInputs } from './labels.js';
import type { Mode, VideoModel, VideoSizes } from './video-model.js';

/** What all video models share: latents, a critic, and the variables of each side. */
export abstract class AdversarialModel<Options extends VideoSizes> implements VideoModel {
  /** The options with all defaults filled in. */
  readonly options: Options;
  /** All networks by name: the critic is `critic`, the others are the generator's. */
  readonly networks: Readonly<Record<string, tf.LayersModel>>;
  /** D: clips [batch, frames, height, width, channels] to scores [batch, 1]. */
  readonly critic: tf.LayersModel;

  protected constructor(
    options: Options,
    generators: Record<string, tf.LayersModel>,
    critic: tf.LayersModel,
  ) {
    this.options = options;
    this.networks = { ...generators, critic };
    this.critic = critic;
  }

  /**
   * Videos from latents.
   *
   * @param z0 - [batch, latentSize].
   * @returns [batch, frames, height, width, channels] in (-1, 1); pixel = 128 * value + 128. The
   * caller disposes it.
   * @throws LabelError when labels are missing, out of range or of another count than z0.
   */
  abstract generate(z0: tf.Tensor2D, mode?: Mode): tf.Tensor5D;

  /** How many labels the model knows; 0 for an unconditional one. */
  get classes(): number {
    return this.options.classes ?? 0;
  }

  /** The trainable variables of the generator. */
  get generatorVariables(): tf.Variable[] {
    const generators = Object.values(this.networks).filter((network) => network !== this.critic);
    return generators.flatMap(trainable);
  }

  /** The trainable variables of the critic. */
  get criticVariables(): tf.Variable[] {
    return trainable(this.critic);
  }

  /**
   * Latents of `count` videos, uniform in [-1, 1): [count, latentSize]. The caller disposes them.
   */
  latents(count: number, random: Random): tf.Tensor2D {
    const { latentSize } = this.options;
    return tf.tensor2d(random.uniform(count * latentSize, -1, 1), [count, latentSize]);
  }

  /** New videos: `generate` of fresh `latents`. The caller disposes them. */
  sample(count: number, random: Random, mode: Mode = {}): tf.Tensor5D {
    return tf.tidy(() => this.generate(this.latents(count, random), mode));
  }

  /**
   * Scores of clips, higher for those that look real to the critic.
   *
   * @param clips - [batch, frames, height, width, channels] in [-1, 1].
   * @returns [batch, 1]; the caller disposes it.
   * @throws LabelError when labels are missing, out of range or of another count than the clips.
   */
  score(clips: tf.Tensor5D, { training = false, labels }: Mode = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const label = this.labelInputs(labels, clips.shape[0]);
      return this.critic.apply([clips, ...label], { training }) as tf.Tensor2D;
    });
  }

  /** Frees the weights of all networks. */
  dispose(): void {
    for (const network of Object.values(this.networks)) network.dispose();
  }

  /**
   * The one-hot labels [count, classes] as a list of further inputs, empty for an unconditional
   * model.
   */
  protected labelInputs(labels: tf.Tensor1D | undefined, count: number): tf.Tensor2D[] {
    return oneHotInputs(labels, count, this.classes);
  }
}

function trainable(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}
