import type * as tf from '@tensorflow/tfjs';

/** What an {@link Optimizer} is told about a step. */
export interface UpdateStep {
  /** The learning rate, at least 0. */
  readonly learningRate: number;
  /** The number of the step, from 1. */
  readonly step: number;
}

/**
 * The rule that updates a weight by its gradient: `rmsProp()`, `adam()`, or your own. It has no
 * state of its own; a `ParameterGroup` keeps its accumulators.
 */
export interface Optimizer {
  /** Names of the arrays that are kept for each weight. They start at zero. */
  readonly accumulators: readonly string[];
  /**
   * Computes one step of one weight, inside `tf.tidy`. It always descends.
   *
   * @param accumulators - a tensor of the weight's shape for each name, in the order of the names.
   * @returns the new weight, then the new accumulators. One that stays may be returned as it is.
   */
  update(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    accumulators: readonly tf.Tensor[],
    step: UpdateStep,
  ): tf.Tensor[];
}
