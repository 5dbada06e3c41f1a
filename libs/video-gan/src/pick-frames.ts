import * as tf from '@tensorflow/tfjs';

/**
 * One frame of each video.
 *
 * It is a product with zeros and ones, because the gradient of `tf.gather` is slow on most
 * backends.
 *
 * @param rows - [videos, frames, size], one row a frame.
 * @param picked - the number of the frame, for each video.
 * @returns [videos, 1, size]; the caller disposes it.
 */
export function pickFrames(rows: tf.Tensor3D, picked: readonly number[]): tf.Tensor3D {
  return tf.tidy(() => {
    const chosen = tf.oneHot(tf.tensor1d([...picked], 'int32'), rows.shape[1]).cast('float32');
    return tf.matMul(chosen.expandDims<tf.Tensor3D>(1), rows);
  });
}
