import type * as tf from '@tensorflow/tfjs';

/** Where a step of an {@link Optimizer} goes, and how far. */
export interface Stride {
  /** The step size, with its sign: negative descends the gradient, positive ascends it. */
  readonly rate: number;
  /** The number of this step, from 1. */
  readonly update: number;
}

/**
 * The rule by which a weight follows its gradient: `rmsProp()`, `adam()`, or your own. A value without state; a
 * {@link Player} keeps what the rule remembers.
 */
export interface Optimizer {
  /** Names of the arrays that it remembers for each weight. They have the weight's shape and start at zero. */
  readonly slots: readonly string[];
  /**
   * One step of one weight, inside `tf.tidy`.
   *
   * @param slots - a tensor for each name of `slots`, in their order.
   * @returns the new weight, then the new slots.
   */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    slots: readonly tf.Tensor[],
    stride: Stride,
  ): tf.Tensor[];
}
