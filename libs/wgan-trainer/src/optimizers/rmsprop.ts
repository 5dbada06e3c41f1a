import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.js';

/** Options of {@link rmsProp}; the defaults are the original code's. */
export interface RmsPropOptions {
  /** Decay of the mean square (alpha in Chainer and PyTorch). Default 0.99. */
  readonly decay?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * RMSProp as in Chainer and PyTorch: m <- decay m + (1 - decay) g^2, then w <- w - learningRate g /
 * (sqrt(m) + epsilon). The default of the trainer.
 *
 * `tf.train.rmsprop` adds epsilon inside the root and has other defaults, so it gives other
 * weights.
 */
export const rmsProp = ({ decay = 0.99, epsilon = 1e-8 }: RmsPropOptions = {}): Optimizer => ({
  accumulators: ['mean-square'],
  update(weight, gradient, [meanSquare], { learningRate }) {
    // One pass over memory, on backends with a kernel for it (@tgan/simd-backend).
    if (tf.getKernel('RmsProp', tf.getBackend())) {
      const inputs = { variable: weight, meanSquare, gradient };
      // The kernel adds `rate` times the normalized gradient.
      const attributes = { rate: -learningRate, decay, epsilon };
      return tf.engine().runKernel('RmsProp', inputs, attributes) as tf.Tensor[];
    }
    const squares = meanSquare.mul(decay).add(gradient.square().mul(1 - decay));
    const normalized = gradient.div(squares.sqrt().add(epsilon));
    return [weight.sub(normalized.mul(learningRate)), squares];
  },
});
