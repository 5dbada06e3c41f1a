import * as tf from '@tensorflow/tfjs';

/** Options of {@link RmsProp}; the defaults are the original code's. */
export interface RmsPropOptions {
  /** Step size. */
  readonly learningRate: number;
  /** How much of the mean square stays at each step (Chainer and PyTorch: alpha). Default 0.99. */
  readonly decay?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * RMSProp as Chainer and PyTorch compute it: m <- decay m + (1 - decay) g^2, w <- w - rate g / (sqrt(m) + epsilon).
 *
 * `tf.train.rmsprop` adds epsilon inside the root and has other defaults, which makes other trajectories.
 */
export class RmsProp {
  learningRate: number;
  readonly decay: number;
  readonly epsilon: number;
  /** The running mean of squared gradients, by variable. */
  readonly meanSquares = new Map<tf.Variable, tf.Variable>();

  constructor({ learningRate, decay = 0.99, epsilon = 1e-8 }: RmsPropOptions) {
    this.learningRate = learningRate;
    this.decay = decay;
    this.epsilon = epsilon;
  }

  /**
   * One step of every variable along its gradient.
   *
   * @param direction - -1 descends, 1 ascends.
   * @param gradients - by variable name, as `tf.variableGrads` returns them. The caller keeps them.
   */
  step(
    variables: readonly tf.Variable[],
    gradients: tf.NamedTensorMap,
    direction: -1 | 1 = -1,
  ): void {
    for (const variable of variables) {
      const gradient = gradients[variable.name];
      const meanSquare = this.meanSquareOf(variable);
      tf.tidy(() => {
        meanSquare.assign(meanSquare.mul(this.decay).add(gradient.square().mul(1 - this.decay)));
        const update = gradient.div(meanSquare.sqrt().add(this.epsilon));
        variable.assign(variable.add(update.mul(direction * this.learningRate)));
      });
    }
  }

  /** Frees the mean squares. */
  dispose(): void {
    for (const meanSquare of this.meanSquares.values()) meanSquare.dispose();
    this.meanSquares.clear();
  }

  private meanSquareOf(variable: tf.Variable): tf.Variable {
    let meanSquare = this.meanSquares.get(variable);
    if (!meanSquare) {
      meanSquare = tf.tidy(() => tf.variable(tf.zerosLike(variable), false));
      this.meanSquares.set(variable, meanSquare);
    }
    return meanSquare;
  }
}
