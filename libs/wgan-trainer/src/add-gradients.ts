import * as tf from '@tensorflow/tfjs';

/** Adds gradients to those of the same variables in `sums`, and takes them over. */
export function addGradients(sums: tf.NamedTensorMap, more: tf.NamedTensorMap): void {
  for (const [name, gradient] of Object.entries(more)) {
    const sum = gradient.add(sums[name]);
    tf.dispose([gradient, sums[name]]);
    sums[name] = sum;
  }
}
