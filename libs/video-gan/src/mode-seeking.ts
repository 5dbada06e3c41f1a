import * as tf from '@tensorflow/tfjs';

/** The rows of the next video in the batch for each video; the first ones for the last. */
export function nextRows<Rows extends tf.Tensor>(rows: Rows): Rows {
  return tf.tidy(() => {
    const [first, rest] = tf.split(rows, [1, rows.shape[0] - 1]);
    return tf.concat([rest, first]) as Rows;
  });
}

/**
 * How little pictures differ for how much their latents do: minus the mean of |picture - other| /
 * |z0 - other z0|. As a term of the generator's loss it keeps the pictures of one label
 * from becoming one picture (mode seeking, Mao et al. 2019).
 *
 * @param pictures - one for each row of z0, [batch, ...].
 * @param others - pictures of the same labels and of `otherZ0`.
 * @returns a scalar, at most 0: 0 where nothing differs.
 */
export function likeness(
  pictures: tf.Tensor,
  others: tf.Tensor,
  z0: tf.Tensor2D,
  otherZ0: tf.Tensor2D,
): tf.Scalar {
  return tf.tidy(() => {
    const distance = (a: tf.Tensor, b: tf.Tensor) =>
      a.sub(b).abs().reshape([a.shape[0], -1]).mean(1);
    // Not zero for a batch of one, whose next video is itself.
    const ofLatents = distance(z0, otherZ0).maximum(1e-6);
    return distance(pictures, others).div(ofLatents).mean().neg() as tf.Scalar;
  });
}
