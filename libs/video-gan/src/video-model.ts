import type { Random } from '@tgan/core';
import type * as tf from '@tensorflow/tfjs';

/** How a model runs. */
export interface Mode {
  /**
   * Whether the model trains: batch norm uses the statistics of the batch and updates the running
   * ones, and noise is added. Default false.
   */
  readonly training?: boolean;
  /**
   * The label of each video, int32 [batch], each in 0 .. classes - 1. Required for conditional
   * models, and only for them.
   */
  readonly labels?: tf.Tensor1D;
}

/** The sizes of a model's clips. */
export interface VideoSizes {
  /** Size of z0. */
  readonly latentSize: number;
  /** Frames of a clip. */
  readonly frames: number;
  /** Height and width of a frame in pixels. */
  readonly imageSize: number;
  /** Channels of a frame: 1 for gray, 3 for color. */
  readonly channels: number;
  /** The number of labels; 0 or missing for none. */
  readonly classes?: number;
}

/** Clips, and a penalty that the generator pays for them. */
export interface PenalizedSamples {
  /** [batch, frames, height, width, channels] in [-1, 1]. */
  readonly samples: tf.Tensor5D;
  /** A further term of the generator's loss, if there is one. */
  readonly penalty?: tf.Scalar;
}

/** Scores of clips, and a penalty for clips that do not look like their labels. */
export interface PenalizedScores {
  /** As `score` gives them. */
  readonly scores: tf.Tensor2D;
  /** A further term of the critic's loss on real clips, and of the generator's on its own. */
  readonly penalty: tf.Scalar;
}

/** What a model needs in addition to its options. */
export interface ModelContext {
  /** Seed of the initial kernels and of the noise. */
  readonly seed: number;
}

/** A generator of videos and its critic. @tgan/wgan-trainer trains it. */
export interface VideoModel {
  /** The sizes of its clips, and the model's own options. */
  readonly options: VideoSizes;
  /**
   * All networks by name, to be saved and loaded: the critic is `critic`, the others are the
   * generator's.
   */
  readonly networks: Readonly<Record<string, tf.LayersModel>>;
  /** The network that singular value clipping keeps Lipschitz. */
  readonly critic: tf.LayersModel;
  /** The trainable variables of the generator. */
  readonly generatorVariables: tf.Variable[];
  /** The trainable variables of the critic. */
  readonly criticVariables: tf.Variable[];
  /** Latents of `count` videos: [count, latentSize]. The caller disposes them. */
  latents(count: number, random: Random): tf.Tensor2D;
  /**
   * Latents to clips [batch, frames, height, width, channels] in [-1, 1]. The caller disposes them.
   */
  generate(z0: tf.Tensor2D, mode?: Mode): tf.Tensor5D;
  /**
   * As `generate`, for models whose generator pays a penalty when it trains. The caller disposes
   * both.
   */
  generateWithPenalty?(z0: tf.Tensor2D, mode?: Mode): PenalizedSamples;
  /** New clips [count, frames, height, width, channels] in [-1, 1]. The caller disposes them. */
  sample(count: number, random: Random, mode?: Mode): tf.Tensor5D;
  /** Clips to scores [batch, 1]. The caller disposes them. */
  score(clips: tf.Tensor5D, mode?: Mode): tf.Tensor2D;
  /**
   * As `score` in training, for models whose critic also names labels. The caller disposes both.
   */
  scoreWithPenalty?(clips: tf.Tensor5D, mode?: Mode): PenalizedScores;
  /** Frees the weights of all networks. */
  dispose(): void;
}
