import * as tf from '@tensorflow/tfjs';
import { constrainedWeights } from './walk.js';

/**
 * Clips every learned weight of a model to [-limit, limit], in place: the constraint of the first
 * Wasserstein GAN, and the baseline for singular value clipping. It clips kernels, biases, and the
 * scales and shifts of batch norms, but no running statistics. Nothing leaves the device, and NaN
 * is not detected.
 *
 * @param limit - 0.01 in the paper.
 * @throws RangeError when the limit is not a positive number, Error when the model has no weights.
 */
export function clipWeights(model: tf.LayersModel, limit = 0.01): void {
  if (!(limit > 0 && limit < Infinity)) {
    throw new RangeError(`clipWeights: the limit must be a positive number, got ${limit}`);
  }
  for (const weight of constrainedWeights(model).parameters) {
    tf.tidy(() => {
      const variable = weight.read() as tf.Variable;
      variable.assign(tf.clipByValue(variable, -limit, limit));
    });
  }
}
