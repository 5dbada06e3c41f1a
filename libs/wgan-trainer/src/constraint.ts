import { clipModel, clipOperatorNorms, clipWeights, spectralNormalize } from '@tgan/svc-constraint';
import type { ClipReport } from '@tgan/svc-constraint';
import type { Random } from '@tgan/core';
import type * as tf from '@tensorflow/tfjs';

/** What keeps a critic Lipschitz: a projection, a penalty or both. Write your own as a value of this type. */
export interface Constraint {
  /**
   * Is called after each step with the critic, to be changed in place, and the step's number from 1. May return a report
   * of what it clipped.
   */
  readonly project?: (critic: tf.LayersModel, step: number) => Promise<ClipReport | void> | void;
  /**
   * A further term of what the critic descends, which is to be differentiable.
   *
   * @param score - the critic as it trains: clips to scores [batch, 1]. Its running statistics do not move.
   * @param real - a batch of real clips [batch, frames, height, width, channels].
   * @param fake - as many generated clips.
   * @param random - the trainer's stream, whose state goes into its checkpoints.
   */
  readonly penalty?: (
    score: (clips: tf.Tensor5D) => tf.Tensor2D,
    real: tf.Tensor5D,
    fake: tf.Tensor5D,
    random: Random,
  ) => tf.Scalar;
}

/** Singular value clipping every so many steps (paper, section 4.2, where it is 5). */
export const singularValueClipping = (every = 5): Constraint => ({
  project: (critic, step) =>
    step % every === 0 ? clipModel(critic, { measure: false }) : undefined,
});

/**
 * Weight clipping (Arjovsky et al. 2017): each step every learned weight of the critic into [-limit, limit].
 *
 * @throws RangeError, when it runs, if the limit is not a positive number.
 */
export const weightClipping = (limit = 0.01): Constraint => ({
  project: (critic) => clipWeights(critic, limit),
});

/**
 * Spectral normalization (Miyato et al. 2018), as a projection: after so many steps each kernel is divided by its largest
 * singular value. The gradient does not pass through the division as it does there.
 */
export const spectralNormalization = (every = 1): Constraint => ({
  async project(critic, step) {
    if (step % every === 0) await spectralNormalize(critic);
  },
});

/**
 * Every so many steps, each layer whose operator norm exceeds 1 is scaled down to it: the norm of the layer on its whole
 * input, where singular value clipping looks at the kernel's matrix.
 */
export const operatorNormClipping = (every = 5): Constraint => ({
  async project(critic, step) {
    if (step % every === 0) await clipOperatorNorms(critic);
  },
});

/** Leaves the critic alone: for objectives that need no Lipschitz critic. */
export const unconstrained: Constraint = {};
