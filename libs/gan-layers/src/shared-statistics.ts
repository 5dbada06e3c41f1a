// Batch norm over a batch whose parts lie in several processes.
import * as tf from '@tensorflow/tfjs';
import { partsOf, type BatchShare } from './batch-share.js';

/** How the statistics of the parts become those of the batch. */
export interface SharedStatistics {
  /** Adds up the values of all processes in place. */
  readonly sum: (values: Float64Array) => void;
  /** How many times as many rows as its own the batch has. */
  readonly parts: number;
}

interface Statistics {
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** undefined where each process has its own statistics. */
export const sharedStatistics = (share: BatchShare | undefined): SharedStatistics | undefined =>
  share?.sum && { sum: share.sum, parts: partsOf(share) };

/** The mean and the biased variance of the whole batch, from those of this part's rows. */
export function sumStatistics(
  { mean, variance }: Statistics,
  rows: number,
  { sum, parts }: SharedStatistics,
): Statistics {
  const [means, variances] = [mean.dataSync(), variance.dataSync()];
  const channels = means.length;
  // In float64, so that the difference of squares loses nothing that float32 has.
  const sums = new Float64Array(2 * channels);
  means.forEach((value, c) => {
    sums[c] = rows * value;
    sums[channels + c] = rows * (variances[c] + value * value);
  });
  sum(sums);
  const all = sums.map((value) => value / (rows * parts));
  const mean64 = all.subarray(0, channels);
  const variance64 = mean64.map((value, c) => Math.max(0, all[channels + c] - value * value));
  return {
    mean: tf.tensor1d(Float32Array.from(mean64)),
    variance: tf.tensor1d(Float32Array.from(variance64)),
  };
}

/**
 * The means over the whole batch of sums over this part's rows. It has no derivative.
 *
 * @param sums - [n, channels]
 */
export function meansOf(sums: tf.Tensor, rows: number, shared: SharedStatistics): tf.Tensor {
  return tf.customGrad((...args) => {
    const values = Float64Array.from((args[0] as tf.Tensor).dataSync());
    shared.sum(values);
    const means = Float32Array.from(values, (value) => value / (rows * shared.parts));
    return { value: tf.tensor(means, sums.shape), gradFunc: refuseSecondDerivative };
  })(sums);
}

/** An error for what has no second derivative here. */
export function refuseSecondDerivative(): never {
  throw new Error(
    'batch norm over a batch that several processes share has no second derivative: ' +
      'take local statistics, --sync-batch-norm false',
  );
}
