import * as tf from '@tensorflow/tfjs';

/** A normalised batch and the statistics that normalised it. */
export interface NormalisedBatch {
  /** gamma * (x - mean) / sqrt(variance + epsilon) + beta, [rows, channels]. */
  readonly y: tf.Tensor2D;
  /** Mean of each channel, [channels]. Carries no gradient; the caller disposes it, also inside tf.tidy. */
  readonly mean: tf.Tensor1D;
  /** Biased variance of each channel, [channels]. As the mean. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalisation of [rows, channels] with the batch's own statistics, differentiable in x, gamma and beta.
 *
 * The gradient is written out, because tfjs's own keeps half a dozen copies of the batch alive until the backward
 * pass; this one keeps the batch alone. It is made of differentiable operations, so it can be differentiated again.
 */
export function normaliseBatch(
  x: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D | null,
  epsilon: number,
): NormalisedBatch {
  let observed!: ReturnType<typeof statistics>;
  const shift = beta ?? tf.zerosLike(gamma);
  const normalise = tf.customGrad((...args) => {
    const [x, gamma, shift] = args as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = args[3] as tf.GradSaveFunc;
    save([x, gamma]);
    // Inside, so that the tape records none of it.
    observed = statistics(x);
    tf.keep(observed.mean);
    tf.keep(observed.variance);
    return {
      value: tf.batchNorm2d(x, observed.mean, observed.variance, shift, gamma, epsilon),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        normaliseBatchGradient(dy, saved[0] as tf.Tensor2D, saved[1], epsilon),
    };
  });
  const y = normalise(x, gamma, shift) as tf.Tensor2D;
  return { y, ...observed };
}

/** The derivatives for x, gamma and beta: dy projected off the two directions that normalisation removes. */
function normaliseBatchGradient(
  dy: tf.Tensor,
  x: tf.Tensor2D,
  gamma: tf.Tensor,
  epsilon: number,
): tf.Tensor[] {
  const { mean, variance } = statistics(x);
  const scale = variance.add(epsilon).rsqrt();
  const xHat = x.sub(mean).mul(scale);
  const dBeta = sumRows(dy);
  const dGamma = sumRows(dy.mul(xHat));
  const rows = x.shape[0];
  const dx = dy
    .sub(dBeta.div(rows))
    .sub(xHat.mul(dGamma.div(rows)))
    .mul(gamma.mul(scale));
  return [dx, dGamma, dBeta];
}

function statistics(x: tf.Tensor2D): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const mean = sumRows(x).div(x.shape[0]) as tf.Tensor1D;
  const variance = sumRows(x.sub(mean).square()).div(x.shape[0]) as tf.Tensor1D;
  return { mean, variance };
}

/**
 * The sum of each column of [rows, channels], in two stages. TensorFlow adds up a hundred thousand rows one by one in
 * float32, which is off by 2e-5; sums of sums are off by a hundredth of that, on any backend.
 */
function sumRows(x: tf.Tensor): tf.Tensor1D {
  const [rows, channels] = x.shape;
  let stages = Math.floor(Math.sqrt(rows));
  while (rows % stages !== 0) stages--;
  return x
    .reshape([stages, (rows / stages) * channels])
    .sum(0)
    .reshape([rows / stages, channels])
    .sum(0);
}
