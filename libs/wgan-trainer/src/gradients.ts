import { Random } from '@tgan/core';
import {
  enableSecondDerivatives,
  noiseStates,
  redundantBiases,
  restoreNoise,
} from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type { Penalty } from './constraints/constraint.js';
import type { Gan, Mode, PenalizedSamples, PenalizedScores, RealBatch } from './gan.js';
import type { Objective, PlainObjective } from './objectives/objective.js';

/** The mean scores and the gradients of the losses on one batch. The caller disposes them. */
export interface LossGradients {
  /** Mean score of the real samples, mean D(x). */
  readonly real: tf.Scalar;
  /** Mean score of the generated samples, mean D(G(z)). */
  readonly fake: tf.Scalar;
  /** By variable name. Both networks descend them. */
  readonly gradients: tf.NamedTensorMap;
}

/** What {@link lossGradients} differentiates beside the critic's loss. */
export interface Differentiated {
  /** Whether to differentiate the generator's loss too. */
  readonly generator: boolean;
  /** A penalty in the critic's loss, and the stream that it draws from. */
  readonly penalty?: { readonly of: Penalty; readonly random: Random };
  /**
   * Which part of a batch this one is. All losses are multiplied by it, so that the sum of the
   * gradients of all parts is that of the batch. Default: the whole batch.
   */
  readonly part?: number;
}

/** A constraint's penalty cannot be differentiated with these networks on this backend. */
export class PenaltyError extends Error {
  override readonly name = 'PenaltyError';
}

/**
 * The gradients of both losses on one batch. The critic's loss includes the penalty of the
 * constraint. The generator's loss includes its own penalty (VGAN's mask). A critic that names
 * labels adds a penalty to both.
 *
 * Real and generated samples pass the critic separately, generated ones first, so that batch norm
 * sees each with its own statistics (original code).
 *
 * Biases right before a batch norm get their true gradients, which are 0. What a pass computes for
 * them is rounding noise, and RMSProp and Adam would make steps of full size of it.
 *
 * @param batch - real samples, with labels for a conditional GAN. The generated samples get the
 * same labels. The caller keeps the batch.
 * @param latents - as many latents as there are real samples. The caller keeps them.
 */
export function lossGradients<Samples extends tf.Tensor>(
  gan: Gan<Samples>,
  objective: Objective,
  batch: RealBatch<Samples>,
  latents: tf.Tensor,
  { generator, penalty, part = 1 }: Differentiated,
): LossGradients {
  const mode = trainingMode(gan, batch.labels);
  const kept: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tf.keep(tensor));
    return tensor;
  };
  try {
    return tf.tidy(() => {
      const weighted = (loss: tf.Scalar) => (part === 1 ? loss : loss.mul<tf.Scalar>(part));
      const pass: Pass<Samples> = { gan, batch, latents, mode, generator, weighted, keep };
      const { samples, real, fake, gradients } =
        objective.zeroSum && !objective.relativistic && !gan.scoreWithPenalty
          ? zeroSumGradients(pass, objective)
          : separateGradients(pass, objective);
      if (penalty) {
        const compared = { real: batch.samples, fake: samples, mode };
        const of: Penalty = (...given) => weighted(penalty.of(...given));
        add(gradients, penaltyGradients(gan, of, compared, penalty.random));
      }
      clearNoise(gan, gradients);
      return { real: real.mean<tf.Scalar>(), fake: fake.mean<tf.Scalar>(), gradients };
    });
  } finally {
    tf.dispose(kept);
  }
}

/** Gives biases right before a batch norm their true gradients, which are 0. */
function clearNoise({ networks }: Gan, gradients: tf.NamedTensorMap): void {
  for (const { name } of Object.values(networks).flatMap(redundantBiases)) {
    const noise = gradients[name];
    if (!noise) continue;
    gradients[name] = tf.zerosLike(noise);
    noise.dispose();
  }
}

interface Pass<Samples extends tf.Tensor> {
  readonly gan: Gan<Samples>;
  readonly batch: RealBatch<Samples>;
  readonly latents: tf.Tensor;
  readonly mode: Mode;
  readonly generator: boolean;
  /** A loss as a part of that of the whole batch. */
  weighted(loss: tf.Scalar): tf.Scalar;
  /** Keeps a tensor beyond `tf.variableGrads`, until the gradients are done. */
  keep<T extends tf.Tensor>(tensor: T): T;
}

/** What a pass leaves: the generated samples, all scores [batch, 1], and gradients to descend. */
interface Passed<Samples extends tf.Tensor> {
  readonly samples: Samples;
  readonly real: tf.Tensor2D;
  readonly fake: tf.Tensor2D;
  readonly gradients: tf.NamedTensorMap;
}

/**
 * One pass for both networks. In a zero-sum objective the critic ascends the generator's loss, so
 * the gradient of that loss, with its sign changed, is the critic's through the generated samples.
 * What is left is the critic's gradient through the real samples. The first half is differentiated
 * and its activations are freed before the second half begins.
 */
function zeroSumGradients<Samples extends tf.Tensor>(
  { gan, batch, latents, mode, generator, weighted, keep }: Pass<Samples>,
  objective: PlainObjective,
): Passed<Samples> {
  let samples!: Samples;
  let real!: tf.Tensor2D;
  let fake!: tf.Tensor2D;
  const critic = [...gan.criticVariables];
  const both = [...gan.generatorVariables, ...critic];
  const { grads: gradients } = tf.variableGrads(
    () => {
      const made = generated(gan, latents, mode);
      samples = keep(made.samples);
      fake = keep(gan.score(samples, mode));
      return weighted(withPenalty(objective.generatorLoss(fake), made.penalty));
    },
    generator ? both : critic,
  );
  const throughReal = tf.variableGrads(() => {
    real = keep(gan.score(batch.samples, mode));
    return weighted(objective.criticLoss(real, fake));
  }, critic).grads;
  for (const { name } of critic) {
    const [ascended, descended] = [gradients[name], throughReal[name]];
    if (ascended) gradients[name] = descended ? descended.sub(ascended) : ascended.neg();
    else if (descended) gradients[name] = descended.clone();
    // Not at the end: the gradients of a large critic would take their memory twice.
    tf.dispose([ascended, descended]);
  }
  return { samples, real, fake, gradients };
}

/**
 * One forward pass for both networks, and a backward pass for each loss (original code). tfjs
 * differentiates one scalar a pass, but a pass within another reads the tape of the outer one. So
 * the critic's gradients are taken while the generator's pass is still open.
 */
function separateGradients<Samples extends tf.Tensor>(
  { gan, batch, latents, mode, generator, weighted, keep }: Pass<Samples>,
  objective: Objective,
): Passed<Samples> {
  let samples!: Samples;
  let real!: tf.Tensor2D;
  let fake!: tf.Tensor2D;
  let penalty: tf.Scalar | undefined;
  const critic = [...gan.criticVariables];
  const criticLoss = () => {
    const [ofFake, ofReal] = [samples, batch.samples].map((given) => scored(gan, given, mode));
    [fake, real, penalty] = [keep(ofFake.scores), keep(ofReal.scores), ofFake.penalty];
    return weighted(withPenalty(objective.criticLoss(real, fake), ofReal.penalty));
  };
  if (!generator) {
    samples = keep(gan.generate(latents, mode));
    const { grads: gradients } = tf.variableGrads(criticLoss, critic);
    return { samples, real, fake, gradients };
  }
  let ofCritic!: tf.NamedTensorMap;
  const ofGenerator = tf.variableGrads(() => {
    const made = generated(gan, latents, mode);
    samples = keep(made.samples);
    const loss = criticLoss();
    offTape(() => {
      ofCritic = tf.variableGrads(() => loss, critic).grads;
      Object.values(ofCritic).forEach(keep);
    });
    const generatorLoss = objective.relativistic
      ? objective.generatorLoss(fake, real)
      : objective.generatorLoss(fake);
    return weighted(withPenalty(withPenalty(generatorLoss, made.penalty), penalty));
  }, [...gan.generatorVariables]).grads;
  const gradients = { ...ofGenerator };
  // What is kept goes with the samples; clones share its values and belong to the caller.
  for (const [name, gradient] of Object.entries(ofCritic)) gradients[name] = gradient.clone();
  return { samples, real, fake, gradients };
}

/**
 * Runs `work` so that an open tape records nothing of it, and so keeps none of its tensors. tfjs
 * does not record what a function with a gradient of its own is made of.
 */
function offTape(work: () => void): void {
  const nothing = tf.scalar(0);
  tf.customGrad(() => {
    work();
    return { value: nothing.clone(), gradFunc: (dy: tf.Tensor) => dy };
  })(nothing);
}

/** Samples that are to be compared, and how the networks run. */
interface Compared {
  readonly real: tf.Tensor;
  readonly fake: tf.Tensor;
  readonly mode: Mode;
}

/**
 * The gradients of a penalty for the critic's variables, by name. Variables that the penalty does
 * not depend on have none. The critic's running statistics and noise streams do not change.
 */
export function penaltyGradients(
  gan: Gan,
  penalty: Penalty,
  { real, fake, mode }: Compared,
  random: Random,
): tf.NamedTensorMap {
  enableSecondDerivatives();
  return withoutSideEffects(gan.critic, () => {
    const score = (samples: tf.Tensor) => gan.score(samples, mode);
    const { value, grads } = tf.variableGrads(
      () => penalty(score, real, fake, random),
      [...gan.criticVariables],
    );
    value.dispose();
    clearNoise(gan, grads);
    return grads;
  });
}

/**
 * Tries a penalty on two generated samples and on two of noise.
 *
 * @throws PenaltyError when it cannot be differentiated: a layer's gradient has no gradient of its
 * own on this backend.
 */
export function checkPenalty(gan: Gan, penalty: Penalty): void {
  const random = new Random(0);
  tf.engine().startScope();
  try {
    const mode = trainingMode(gan, tf.zeros<tf.Rank.R1>([2], 'int32'));
    const fake = gan.generate(gan.latents(2, random), { ...mode, training: false });
    const noise = random.uniform(fake.size, -1, 1);
    penaltyGradients(gan, penalty, { real: tf.tensor(noise, fake.shape), fake, mode }, random);
  } catch (error) {
    throw new PenaltyError(
      `the penalty cannot be differentiated on the backend "${tf.getBackend()}": ` +
        `${(error as Error).message}; train on another backend, such as tensorflow or cpu, ` +
        'or with another constraint',
    );
  } finally {
    tf.engine().endScope();
  }
}

/** The mean of the gradients of several batches, so that large batches can come in parts. */
export class MeanGradients {
  readonly #share: number;
  /** The sum of what was added so far, each by its share. */
  gradients: tf.NamedTensorMap = {};

  /** @param batches - how many will be added. */
  constructor(batches: number) {
    this.#share = 1 / batches;
  }

  /** Adds the gradients of one batch, by variable name, and takes them over. */
  add(gradients: tf.NamedTensorMap): void {
    if (this.#share === 1) {
      this.gradients = gradients;
      return;
    }
    const shares = Object.entries(gradients).map(([name, gradient]) => {
      const share = gradient.mul(this.#share);
      gradient.dispose();
      return [name, share] as const;
    });
    add(this.gradients, Object.fromEntries(shares));
  }

  /** Frees the gradients. */
  dispose(): void {
    tf.dispose(this.gradients);
  }
}

/** How a GAN trains on a batch. Only conditional GANs get its labels. */
export const trainingMode = ({ classes }: Gan, labels: tf.Tensor1D | undefined): Mode => ({
  training: true,
  labels: classes ? labels : undefined,
});

/** Generated samples, with the penalty that the generator pays for them if there is one. */
export const generated = <Samples extends tf.Tensor>(
  gan: Gan<Samples>,
  latents: tf.Tensor,
  mode: Mode,
): PenalizedSamples<Samples> =>
  gan.generateWithPenalty?.(latents, mode) ?? { samples: gan.generate(latents, mode) };

/** Scores, with the penalty of a critic that names labels. */
const scored = <Samples extends tf.Tensor>(
  gan: Gan<Samples>,
  samples: Samples,
  mode: Mode,
): Partial<PenalizedScores> & Pick<PenalizedScores, 'scores'> =>
  gan.scoreWithPenalty?.(samples, mode) ?? { scores: gan.score(samples, mode) };

/** Runs a pass through a network, then puts back its running statistics and noise streams. */
export function withoutSideEffects<T>(network: tf.LayersModel, pass: () => T): T {
  const noise = noiseStates(network);
  const statistics = network.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  const before = statistics.map((variable) => variable.clone());
  try {
    return pass();
  } finally {
    statistics.forEach((variable, i) => variable.assign(before[i]));
    restoreNoise(network, noise);
    tf.dispose(before);
  }
}

const withPenalty = (loss: tf.Scalar, penalty?: tf.Scalar): tf.Scalar =>
  penalty ? loss.add(penalty) : loss;

/** Adds gradients to those of the same variables in `sums`, and takes them over. */
function add(sums: tf.NamedTensorMap, more: tf.NamedTensorMap): void {
  for (const [name, gradient] of Object.entries(more)) {
    const sum = sums[name];
    if (!sum) {
      sums[name] = gradient;
      continue;
    }
    sums[name] = sum.add(gradient);
    tf.dispose([gradient, sum]);
  }
}
