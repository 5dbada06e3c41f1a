import type { Communicator, Random } from '@tgan/core';
import type { ClipReport } from '@tgan/svc-constraint';
import type * as tf from '@tensorflow/tfjs';
import * as z from 'zod';

/**
 * Keeps a critic Lipschitz by a projection after each step, a penalty in its loss, or both. You can
 * write your own.
 */
export interface Constraint {
  /**
   * Changes the critic in place after a step.
   *
   * @param step - the number of the step, from 1.
   * @param communicator - the processes that train together, which all have the same critic. They
   * may share the work; otherwise each does all of it.
   * @returns a report of what was clipped, which the step's metrics then hold.
   */
  readonly project?: (
    critic: tf.LayersModel,
    step: number,
    communicator?: Communicator,
  ) => Promise<ClipReport | void> | void;
  /** A further term of the critic's loss. It must be differentiable. */
  readonly penalty?: Penalty;
}

/**
 * A further term of the critic's loss.
 *
 * @param score - the critic as it trains: samples to scores [batch, 1]. Running statistics stay.
 * @param real - a batch of real samples [batch, ...].
 * @param fake - as many generated samples.
 * @param random - the trainer's stream, which its checkpoints save.
 */
export type Penalty = (
  score: (samples: tf.Tensor) => tf.Tensor2D,
  real: tf.Tensor,
  fake: tf.Tensor,
  random: Random,
) => tf.Scalar;

/** The option of constraints that act every so many steps. */
export const clipEvery = z
  .int()
  .min(1)
  .default(5)
  .describe('steps from one clipping of the critic to the next');
