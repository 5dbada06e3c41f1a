import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.js';

/** A player of the game: what it learns, and what its optimizer remembers. */
export class Player {
  readonly variables: readonly tf.Variable[];
  readonly optimizer: Optimizer;
  /** The optimizer's slots of each variable, in the order of its names. */
  readonly slots: ReadonlyMap<tf.Variable, readonly tf.Variable[]>;
  /** Steps taken. */
  updates = 0;

  constructor(variables: readonly tf.Variable[], optimizer: Optimizer) {
    this.variables = variables;
    this.optimizer = optimizer;
    this.slots = new Map(variables.map((v) => [v, optimizer.slots.map(() => zerosLike(v))]));
  }

  /**
   * One step of every variable along its gradient.
   *
   * @param gradients - by variable name, as `tf.variableGrads` returns them. The caller keeps them.
   * @param rate - the step size: negative descends, positive ascends.
   */
  step(gradients: tf.NamedTensorMap, rate: number): void {
    const update = ++this.updates;
    for (const [variable, slots] of this.slots) {
      tf.tidy(() => {
        const stride = { rate, update };
        const next = this.optimizer.update(variable, gradients[variable.name], slots, stride);
        [variable, ...slots].forEach((old, i) => old.assign(next[i]));
      });
    }
  }

  /** Frees the slots; the variables stay. */
  dispose(): void {
    tf.dispose([...this.slots.values()].flat());
  }
}

const zerosLike = (variable: tf.Variable) =>
  tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
