import * as tf from '@tensorflow/tfjs';
import type { InitializerName } from './options.js';

const halfWidth = 0.01;
const gain = { he: 2, lecun: 1 };

/**
 * A tfjs initializer for one kernel.
 *
 * @param scheme - how to draw.
 * @param fanIn - the product of all kernel dimensions but the last: inputs times taps for
 * convolutions and dense layers, *outputs* times taps for deconvolutions. That is how Chainer
 * counts, whose initial weights the original code has.
 * @param seed - 32-bit seed.
 */
export function createKernelInitializer(
  scheme: InitializerName,
  fanIn: number,
  seed: number,
): ReturnType<typeof tf.initializers.randomNormal> {
  return scheme === 'uniform'
    ? tf.initializers.randomUniform({ minval: -halfWidth, maxval: halfWidth, seed })
    : tf.initializers.randomNormal({ mean: 0, stddev: Math.sqrt(gain[scheme] / fanIn), seed });
}
