import type { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';

/** How the networks run. */
export interface Mode {
  /** Whether the networks train: batch norm uses the statistics of the batch. Default false. */
  readonly training?: boolean;
  /** The label of each sample, int32 [batch]. For conditional GANs only. */
  readonly labels?: tf.Tensor1D;
}

/** A batch of real samples. */
export interface RealBatch<Samples extends tf.Tensor = tf.Tensor> {
  /** [batch, ...]: images, videos or whatever else the critic scores. */
  readonly samples: Samples;
  /** The label of each sample, int32 [batch]. Conditional GANs need it, others ignore it. */
  readonly labels?: tf.Tensor1D;
}

/** Samples, and a penalty that the generator pays for them. */
export interface PenalizedSamples<Samples extends tf.Tensor = tf.Tensor> {
  /** [batch, ...]. */
  readonly samples: Samples;
  /** A further term of the generator's loss. */
  readonly penalty?: tf.Scalar;
}

/** Scores of samples, and a penalty for samples that do not look like their labels. */
export interface PenalizedScores {
  /** As `score` gives them. */
  readonly scores: tf.Tensor2D;
  /** A further term of the critic's loss on real samples, and of the generator's on its own. */
  readonly penalty: tf.Scalar;
}

/**
 * What a `WganTrainer` trains: a generator and a critic. The samples can be images, videos or
 * anything else. {@link createGan} makes one of two plain `tf.LayersModel`s, and the models of
 * @tgan/video-gan have this shape already.
 */
export interface Gan<Samples extends tf.Tensor = tf.Tensor> {
  /** All networks by name. One of them is `critic`; the others belong to the generator. */
  readonly networks: Readonly<Record<string, tf.LayersModel>>;
  /** The network that constraints keep Lipschitz. */
  readonly critic: tf.LayersModel;
  /** The trainable variables of the generator. */
  readonly generatorVariables: readonly tf.Variable[];
  /** The trainable variables of the critic. */
  readonly criticVariables: readonly tf.Variable[];
  /** Above 0 for a conditional GAN, which gets the labels of each batch. Default 0. */
  readonly classes?: number;
  /** Latents of `count` samples, [count, ...]. The caller disposes them. */
  latents(count: number, random: Random): tf.Tensor;
  /**
   * Called after `latents` where several processes share the batch, and this one passes only some
   * of its samples: a model that drew more for each sample keeps that of these.
   */
  keepPart?(start: number, count: number): void;
  /** Maps latents [batch, ...] to samples [batch, ...]. The caller disposes them. */
  generate(latents: tf.Tensor, mode?: Mode): Samples;
  /** As `generate`, for a generator that pays a penalty. The caller disposes both tensors. */
  generateWithPenalty?(latents: tf.Tensor, mode?: Mode): PenalizedSamples<Samples>;
  /** Maps samples [batch, ...] to scores [batch, 1]. The caller disposes them. */
  score(samples: Samples, mode?: Mode): tf.Tensor2D;
  /**
   * As `score` in training, for a critic that also names labels. Each network pays for what it is
   * answerable for: the critic for real samples, the generator for its own. The caller disposes
   * both tensors.
   */
  scoreWithPenalty?(samples: Samples, mode?: Mode): PenalizedScores;
}

/** The parts of {@link createGan}. */
export interface GanParts {
  /** One input, the latents, and one output, the samples. */
  readonly generator: tf.LayersModel;
  /** One input, the samples, and one output [batch, 1], the scores. */
  readonly critic: tf.LayersModel;
  /**
   * Draws latents [count, ...]. Default: uniform in [-1, 1), in the shape of the generator's input.
   */
  readonly latents?: (count: number, random: Random) => tf.Tensor;
}

/**
 * Makes a {@link Gan} of two plain `tf.LayersModel`s. The caller disposes both.
 *
 * @throws TypeError when the shapes of the two models do not fit each other.
 *
 * @example
 * ```ts
 * const trainer = new WganTrainer(createGan({ generator, critic }), { seed: 1 });
 * ```
 */
export function createGan({ generator, critic, latents }: GanParts): Gan {
  const latentShape = shapeOf('generator', 'input', generator.inputs);
  const sampleShape = shapeOf('generator', 'output', generator.outputs);
  const criticShape = shapeOf('critic', 'input', critic.inputs);
  const scoreShape = shapeOf('critic', 'output', critic.outputs);
  if (String(sampleShape) !== String(criticShape)) {
    throw new TypeError(
      `createGan: the generator makes samples [${sampleShape}], the critic takes [${criticShape}]`,
    );
  }
  if (String(scoreShape) !== '1') {
    throw new TypeError(
      `createGan: the critic must output one score a sample, [1], but outputs [${scoreShape}]`,
    );
  }
  const uniform = (count: number, random: Random) => {
    const shape = [count, ...(latentShape as number[])];
    return tf.tensor(random.uniform(tf.util.sizeFromShape(shape), -1, 1), shape);
  };
  return {
    networks: { generator, critic },
    critic,
    get generatorVariables() {
      return trainable(generator);
    },
    get criticVariables() {
      return trainable(critic);
    },
    latents: latents ?? uniform,
    generate: (z, { training = false } = {}) => generator.apply(z, { training }) as tf.Tensor,
    score: (samples, { training = false } = {}) =>
      critic.apply(samples, { training }) as tf.Tensor2D,
  };
}

/** The shape of the only input or output of a network, without the batch. */
function shapeOf(network: string, end: string, tensors: readonly tf.SymbolicTensor[]): tf.Shape {
  if (tensors.length !== 1) {
    throw new TypeError(`createGan: the ${network} must have one ${end}, it has ${tensors.length}`);
  }
  return tensors[0].shape.slice(1);
}

const trainable = ({ trainableWeights }: tf.LayersModel) =>
  trainableWeights.map((weight) => weight.read() as tf.Variable);
