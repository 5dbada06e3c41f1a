import * as tf from '@tensorflow/tfjs';

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
 * Batch normalization of [..., channels] with the batch's own statistics, differentiable in x,
 * gamma and beta.
 *
 * The gradient is written out, because tfjs's own keeps half a dozen copies of the batch alive
 * until the backward pass; this one keeps the batch before and after. On backends without kernels
 * of their own, and in {@link differentiableAgain}, it is made of differentiable operations, so it
 * can be differentiated again.
 *
 * @param slope - of the activation f below zero: 0 is ReLU, 1 (the default) none.
 */
export function normalizeBatch<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D | null,
  epsilon: number,
  slope = 1,
): NormalizedBatch<T> {
  let observed!: { mean: tf.Tensor1D; variance: tf.Tensor1D };
  const shift = beta ?? tf.zerosLike(gamma);
  // One pass over memory where the backend has kernels for it (@tgan/simd-backend).
  const isFused = !again && tf.getKernel('BatchNormTraining', tf.getBackend()) !== undefined;
  const { forward, gradient } = isFused ? fused(epsilon, slope) : plain(epsilon);
  const normalize = tf.customGrad((...args) => {
    const [x, gamma, shift] = args as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
    const save = args[3] as tf.GradSaveFunc;
    // Inside, so that the tape records none of it.
    const [y, mean, variance] = forward(x, gamma, shift);
    observed = { mean: tf.keep(mean) as tf.Tensor1D, variance: tf.keep(variance) as tf.Tensor1D };
    save([x, gamma, y, mean, variance]);
    return { value: y, gradFunc: gradient };
  });
  if (isFused) return { y: normalize(x, gamma, shift) as T, ...observed };
  const y = bend(normalize(asRows(x), gamma, shift), slope).reshape(x.shape) as T;
  return { y, ...observed };
}

/** Whether what is made now will be differentiated again. */
let again = false;

/**
 * Runs `work` with batch norm made of operations whose gradients have gradients themselves, which
 * the kernels that a backend may have for it (@tgan/simd-backend) have not. For penalties on
 * gradients.
 */
export function differentiableAgain<T>(work: () => T): T {
  const before = again;
  again = true;
  try {
    return work();
  } finally {
    again = before;
  }
}

/**
 * [..., channels] as [rows, channels], because tfjs's WebGPU kernels and some gradients fail at
 * rank 5.
 */
export const asRows = (x: tf.Tensor) => x.reshape([-1, x.shape.at(-1)!]) as tf.Tensor2D;

/** The activation that is z above zero and slope z below. */
export function bend<T extends tf.Tensor>(z: T, slope: number): T {
  if (slope === 1) return z;
  return slope === 0 ? tf.relu(z) : tf.leakyRelu(z, slope);
}

/**
 * Two ways to compute the same. `forward` gives y, mean and variance; `gradient` those of x, gamma
 * and beta.
 */
interface Normalizer {
  forward(x: tf.Tensor, gamma: tf.Tensor1D, beta: tf.Tensor1D): tf.Tensor[];
  /** @param saved - x, gamma, y, mean, variance. */
  gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

/**
 * Made of differentiable operations that every backend has, for [rows, channels]; no activation.
 */
const plain = (epsilon: number): Normalizer => ({
  forward(x, gamma, beta) {
    const { mean, variance } = statistics(x);
    return [tf.batchNorm2d(x as tf.Tensor2D, mean, variance, beta, gamma, epsilon), mean, variance];
  },
  gradient: (dy, [x, gamma]) => normalizeBatchGradient(dy, x, gamma, epsilon),
});

/** A kernel each. A gradient of the gradient they have not: tfjs says so when it is asked for. */
const fused = (epsilon: number, slope: number): Normalizer => ({
  forward: (x, gamma, beta) =>
    tf
      .engine()
      .runKernel('BatchNormTraining', { x, gamma, beta }, { epsilon, slope }) as tf.Tensor[],
  gradient(dy, [x, gamma, y, mean, variance]) {
    const inputs = { x, y, dy, gamma, mean, variance };
    const gradients = tf.engine().runKernel('BatchNormTrainingGrad', inputs, { epsilon, slope });
    // The tape would keep dy until the backward pass ends, though nothing reads it again; unless it
    // is the caller's own, and so older than y.
    if (dy.id > y.id) dy.dispose();
    return gradients as tf.Tensor[];
  },
});

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
