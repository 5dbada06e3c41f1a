import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizers/optimizer.js';

/**
 * The weights of one network, or of several that learn together, and their optimizer's
 * accumulators.
 */
export class ParameterGroup {
  readonly variables: readonly tf.Variable[];
  readonly optimizer: Optimizer;
  /** The accumulators of each variable, in the order of the optimizer's names. */
  readonly accumulators: ReadonlyMap<tf.Variable, readonly tf.Variable[]>;
  /** Steps taken. */
  updates = 0;

  constructor(variables: readonly tf.Variable[], optimizer: Optimizer) {
    this.variables = variables;
    this.optimizer = optimizer;
    this.accumulators = new Map(
      variables.map((v) => [v, optimizer.accumulators.map(() => zerosLike(v))]),
    );
  }

  /**
   * Takes one step of every variable down its gradient. A variable without a gradient stays.
   *
   * @param gradients - by variable name, as `tf.variableGrads` returns them. The caller keeps them.
   */
  step(gradients: tf.NamedTensorMap, learningRate: number): void {
    const step = ++this.updates;
    for (const [variable, accumulators] of this.accumulators) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      tf.tidy(() => {
        const how = { learningRate, step };
        const next = this.optimizer.update(variable, gradient, accumulators, how);
        [variable, ...accumulators].forEach((old, i) => {
          // A variable that is assigned to itself would lose its value.
          if (next[i] !== old) old.assign(next[i]);
        });
      });
    }
  }

  /** Frees the accumulators. The variables are not disposed. */
  dispose(): void {
    tf.dispose([...this.accumulators.values()].flat());
  }
}

const zerosLike = (variable: tf.Variable) =>
  tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
