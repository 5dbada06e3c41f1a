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
      const attributes = {
        rate: direction * this.learningRate,
        decay: this.decay,
        epsilon: this.epsilon,
      };
      tf.tidy(() => {
        const step = tf.getKernel('RmsProp', tf.getBackend()) ? fusedStep : plainStep;
        const [moved, squares] = step({ variable, meanSquare, gradient }, attributes);
        variable.assign(moved);
        meanSquare.assign(squares);
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

interface Tensors {
  readonly variable: tf.Tensor;
  readonly meanSquare: tf.Tensor;
  readonly gradient: tf.Tensor;
}
interface Attributes {
  /** What the update is multiplied by: negative descends. */
  readonly rate: number;
  readonly decay: number;
  readonly epsilon: number;
}

/** The new variable and mean square, in operations that every backend has. */
function plainStep(
  { variable, meanSquare, gradient }: Tensors,
  { rate, decay, epsilon }: Attributes,
) {
  const squares = meanSquare.mul(decay).add(gradient.square().mul(1 - decay));
  const update = gradient.div(squares.sqrt().add(epsilon));
  return [variable.add(update.mul(rate)), squares];
}

/** The same in one pass over memory, where the backend has a kernel for it (@tgan/simd-backend). */
function fusedStep(tensors: Tensors, attributes: Attributes) {
  return tf.engine().runKernel('RmsProp', { ...tensors }, { ...attributes }) as tf.Tensor[];
}
