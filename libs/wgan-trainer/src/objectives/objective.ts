import type * as tf from '@tensorflow/tfjs';

interface Losses {
  /** The critic's loss, from its scores [batch, 1] of real and of generated samples. */
  criticLoss(real: tf.Tensor2D, fake: tf.Tensor2D): tf.Scalar;
  /**
   * Declares that both networks share one value: as functions of the scores of generated samples,
   * `generatorLoss` and minus `criticLoss` have the same gradient. One backward pass then serves
   * both networks. A wrong declaration trains the critic on wrong gradients.
   */
  readonly zeroSum?: boolean;
}

/** An objective whose generator loss reads the scores of generated samples only. */
export interface PlainObjective extends Losses {
  readonly relativistic?: false;
  /** The generator's loss, from the critic's scores [batch, 1] of generated samples. */
  generatorLoss(fake: tf.Tensor2D): tf.Scalar;
}

/** An objective whose generator loss compares generated with real samples. */
export interface RelativisticObjective extends Losses {
  /** Declares that `generatorLoss` reads the scores of real samples. */
  readonly relativistic: true;
  /** The generator's loss, from the critic's scores [batch, 1] of generated and of real samples. */
  generatorLoss(fake: tf.Tensor2D, real: tf.Tensor2D): tf.Scalar;
}

/** The losses of the two networks of a GAN. You can write your own. */
export type Objective = PlainObjective | RelativisticObjective;
