import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';

/**
 * How kernels start: `uniform` is U(-0.01, 0.01); `he` and `lecun` are normal with standard deviation
 * sqrt(2 / fan-in) and sqrt(1 / fan-in).
 *
 * The paper starts G0 and D by He and G1 uniformly; the original code's UCF-101 configurations use LeCun everywhere
 * and its Moving MNIST and Golf ones the uniform start.
 */
export const initialisation = z.enum(['uniform', 'he', 'lecun']);

/** One of the ways in which kernels start. */
export type Initialisation = z.infer<typeof initialisation>;

const halfWidth = 0.01;
const gain = { he: 2, lecun: 1 };

/**
 * A tfjs initializer for one kernel.
 *
 * @param scheme - how to draw.
 * @param fanIn - the product of all kernel dimensions but the last: inputs times taps for convolutions and dense
 * layers, *outputs* times taps for deconvolutions. That is how Chainer counts, whose initial weights the original
 * code has.
 * @param seed - 32-bit seed.
 */
export function kernelInitialiser(scheme: Initialisation, fanIn: number, seed: number) {
  return scheme === 'uniform'
    ? tf.initializers.randomUniform({ minval: -halfWidth, maxval: halfWidth, seed })
    : tf.initializers.randomNormal({ mean: 0, stddev: Math.sqrt(gain[scheme] / fanIn), seed });
}
