import * as tf from '@tensorflow/tfjs';
import type { BatchShare } from './batch-share.js';
import { fusedBatchNorm, hasFusedBatchNorm } from './fused-batch-norm.js';
import {
  meansOf,
  sharedStatistics,
  sumStatistics,
  type SharedStatistics,
} from './shared-statistics.js';

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
 * @param share - the part that x is of a batch. With its `sum`, the statistics are those of the
 * whole batch. The derivatives of gamma and beta stay those of this part, and second ones throw.
 */
export function normalizeBatch<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D | null,
  epsilon: number,
  leakyReluAlpha = 1,
  share?: BatchShare,
): NormalizedBatch<T> {
  const shift = beta ?? tf.zerosLike(gamma);
  const kept = (mean: tf.Tensor, variance: tf.Tensor) => ({
    mean: tf.keep(mean) as tf.Tensor1D,
    variance: tf.keep(variance) as tf.Tensor1D,
  });
  const shared = sharedStatistics(share);
  if (hasFusedBatchNorm()) {
    const attributes = { epsilon, leakyReluAlpha, ...shared };
    const [y, mean, variance] = fusedBatchNorm(x, gamma, shift, attributes);
    return { y: y as T, ...kept(mean, variance) };
  }
  let observed!: ReturnType<typeof kept>;
  const normalize = tf.customGrad((...args) => {
    const [rows, gamma, shift] = args as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = args[3] as tf.GradSaveFunc;
    // Inside, so that the tape records none of it.
    const own = statistics(rows);
    const { mean, variance } = shared ? sumStatistics(own, rows.shape[0], shared) : own;
    observed = kept(mean, variance);
    const value = tf.batchNorm2d(rows, mean, variance, shift, gamma, epsilon);
    save(shared ? [rows, gamma, mean, variance] : [rows, gamma]);
    const gradFunc = (dy: tf.Tensor, [rows, gamma, mean, variance]: tf.Tensor[]) =>
      shared
        ? sharedGradient(dy, { rows, gamma, mean, variance, epsilon }, shared)
        : normalizeBatchGradient(dy, rows, gamma, epsilon);
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

/** What {@link sharedGradient} needs of the forward pass. */
interface Forward {
  readonly rows: tf.Tensor;
  readonly gamma: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/** As {@link normalizeBatchGradient}, projected off the directions of the whole batch. */
function sharedGradient(
  dy: tf.Tensor,
  { rows, gamma, mean, variance, epsilon }: Forward,
  shared: SharedStatistics,
): tf.Tensor[] {
  const scale = variance.add(epsilon).rsqrt();
  const xHat = rows.sub(mean).mul(scale);
  const [dBeta, dGamma] = [sumRows(dy), sumRows(dy.mul(xHat))];
  const [meanDBeta, meanDGamma] = meansOf(
    tf.stack([dBeta, dGamma]),
    rows.shape[0]!,
    shared,
  ).unstack();
  const dx = dy.sub(meanDBeta).sub(xHat.mul(meanDGamma)).mul(gamma.mul(scale));
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
