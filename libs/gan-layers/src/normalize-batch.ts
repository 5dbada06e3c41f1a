import * as tf from '@tensorflow/tfjs';
import { fusedBatchNorm, hasFusedBatchNorm } from './fused-batch-norm.js';

/** A normalized batch and the statistics that normalized it. */
export interface NormalizedBatch<T extends tf.Tensor> {
  /** f(gamma * (x - mean) / sqrt(variance + epsilon) + beta), of the shape of x. */
  readonly y: T;
  /**
   * Mean of each channel, [channels]. Carries no gradient; the caller disposes it, also inside
   * tf.tidy.
   */
  readonly mean: tf.Tensor1D;
  /** Biased variance of each channel, [channels]. As the mean. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalization of [..., channels] with the batch's own statistics, differentiable twice in
 * x, gamma and beta.
 *
 * It has its own gradient, because that of tfjs keeps six copies of the batch until the backward
 * pass. This one keeps the batch before and after. It consists of differentiable operations, or of
 * fused kernels if the backend has them.
 *
 * @param leakyReluAlpha - alpha of the activation f: 0 is ReLU, 1 (the default) is none.
 */
export function normalizeBatch<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D | null,
  epsilon: number,
  leakyReluAlpha = 1,
): NormalizedBatch<T> {
  const shift = beta ?? tf.zerosLike(gamma);
  const kept = (mean: tf.Tensor, variance: tf.Tensor) => ({
    mean: tf.keep(mean) as tf.Tensor1D,
    variance: tf.keep(variance) as tf.Tensor1D,
  });
  if (hasFusedBatchNorm()) {
    const [y, mean, variance] = fusedBatchNorm(x, gamma, shift, { epsilon, leakyReluAlpha });
    return { y: y as T, ...kept(mean, variance) };
  }
  let observed!: ReturnType<typeof kept>;
  const normalize = tf.customGrad((...args) => {
    const [rows, gamma, shift] = args as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = args[3] as tf.GradSaveFunc;
    // Inside, so that the tape records none of it.
    const { mean, variance } = statistics(rows);
    observed = kept(mean, variance);
    save([rows, gamma]);
    const value = tf.batchNorm2d(rows, mean, variance, shift, gamma, epsilon);
    const gradFunc = (dy: tf.Tensor, [rows, gamma]: tf.Tensor[]) =>
      normalizeBatchGradient(dy, rows, gamma, epsilon);
    return { value, gradFunc };
  });
  const normal = normalize(asRows(x), gamma, shift);
  const y = leakyRelu(normal, leakyReluAlpha).reshape(x.shape) as T;
  return { y, ...observed };
}

/**
 * [..., channels] as [rows, channels], because tfjs's WebGPU kernels and some gradients fail at
 * rank 5.
 */
export const asRows = (x: tf.Tensor) => x.reshape([-1, x.shape.at(-1)!]) as tf.Tensor2D;

/** LeakyReLU, which is ReLU for alpha 0 and does nothing for alpha 1. */
export function leakyRelu<T extends tf.Tensor>(z: T, alpha: number): T {
  if (alpha === 1) return z;
  return alpha === 0 ? tf.relu(z) : tf.leakyRelu(z, alpha);
}

/**
 * The derivatives for x, gamma and beta: dy projected off the two directions that normalization
 * removes.
 */
function normalizeBatchGradient(
  dy: tf.Tensor,
  x: tf.Tensor,
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

function statistics(x: tf.Tensor): { mean: tf.Tensor1D; variance: tf.Tensor1D } {
  const mean = sumRows(x).div(x.shape[0]) as tf.Tensor1D;
  const variance = sumRows(x.sub(mean).square()).div(x.shape[0]) as tf.Tensor1D;
  return { mean, variance };
}

/**
 * The sum of each column of [rows, channels], in two stages. TensorFlow adds up a hundred thousand
 * rows one by one in float32, which is off by 2e-5; sums of sums are off by a hundredth of that, on
 * any backend.
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
