import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.js';

/** Options of {@link rmsProp}; the defaults are the original code's. */
export interface RmsPropOptions {
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
export const rmsProp = ({ decay = 0.99, epsilon = 1e-8 }: RmsPropOptions = {}): Optimizer => ({
  slots: ['mean-square'],
  update(variable, gradient, [meanSquare], { rate }) {
    // In one pass over memory, where the backend has a kernel for it (@tgan/simd-backend).
    if (tf.getKernel('RmsProp', tf.getBackend())) {
      const inputs = { variable, meanSquare, gradient };
      return tf.engine().runKernel('RmsProp', inputs, { rate, decay, epsilon }) as tf.Tensor[];
    }
    const squares = meanSquare.mul(decay).add(gradient.square().mul(1 - decay));
    return [variable.add(gradient.div(squares.sqrt().add(epsilon)).mul(rate)), squares];
  },
});
