import { util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { kernel } from './kernel.js';

interface Rows {
  readonly rows: number;
  readonly channels: number;
  readonly rowsPerTask: number;
  readonly tasks: number;
}

/** Batch norm sees [..., channels] as rows; the number of tasks does not depend on the threads. */
function rowsOf(shape: readonly number[]): Rows {
  const channels = shape[shape.length - 1];
  const rows = util.sizeFromShape([...shape]) / channels;
  const rowsPerTask = Math.max(1, Math.ceil(rows / 64), Math.ceil(4096 / channels));
  return { rows, channels, rowsPerTask, tasks: Math.ceil(rows / rowsPerTask) };
}

/** Adds up the sums of the tasks, [2, channels] each, in double precision. */
function total(partial: Float32Array, tasks: number, channels: number): Float64Array {
  const sums = new Float64Array(2 * channels);
  for (let task = 0; task < tasks; task++) {
    const at = task * 2 * channels;
    for (let i = 0; i < sums.length; i++) sums[i] += partial[at + i];
  }
  return sums;
}

/** Turns sums of x - origin and of its squares into those of x, in place. */
function fromZero(sums: Float64Array, origins: Float32Array, rows: number): void {
  origins.forEach((origin, c) => {
    const [first, second] = [sums[c], sums[origins.length + c]];
    sums[c] = first + rows * origin;
    sums[origins.length + c] = second + 2 * origin * first + rows * origin * origin;
  });
}

/** y = f((x - mean) * scale + shift), a new tensor. */
function apply(
  backend: SimdBackend,
  x: TensorInfo,
  channel: { mean: ArrayLike<number>; scale: ArrayLike<number>; shift: ArrayLike<number> },
  slope: number,
): TensorInfo {
  const { rows, channels, rowsPerTask, tasks } = rowsOf(x.shape);
  const from = backend.address(x);
  const y = backend.output(x.shape);
  const bytes = channels * 4;
  backend.scratch([bytes, bytes, bytes], (mean, scale, shift) => {
    backend.floats(mean, channels).set(channel.mean);
    backend.floats(scale, channels).set(channel.scale);
    backend.floats(shift, channels).set(channel.shift);
    const to = backend.address(y);
    const sizes = { rows, channels, rowsPerTask };
    backend.run('batchNormApply', tasks, { x: from, y: to, mean, scale, shift, slope, ...sizes });
  });
  return y;
}

interface TrainingInputs {
  readonly x: TensorInfo;
  readonly gamma: TensorInfo;
  readonly beta?: TensorInfo;
}

interface GradientInputs {
  readonly x: TensorInfo;
  readonly y: TensorInfo;
  readonly dy: TensorInfo;
  readonly gamma: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
}

interface TrainingAttrs {
  readonly epsilon: number;
  /** Slope below zero of the activation that follows: 0 is ReLU, 1 (the default) is none. */
  readonly leakyReluAlpha?: number;
  /** Adds up the sums of several processes in place, which each have a part of the batch. */
  readonly sum?: (sums: Float64Array) => void;
  /** How many times as many rows as x the batch has. Default 1. */
  readonly parts?: number;
}

interface InferenceInputs {
  readonly x: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly offset?: TensorInfo;
  readonly scale?: TensorInfo;
}

/** [y, mean, variance] of x [..., channels] with the batch's own statistics (biased variance). */
function train(
  backend: SimdBackend,
  { x, gamma, beta }: TrainingInputs,
  { epsilon, leakyReluAlpha: slope = 1, sum, parts = 1 }: TrainingAttrs,
): TensorInfo[] {
  const { rows, channels, rowsPerTask, tasks } = rowsOf(x.shape);
  const from = backend.address(x);
  const [mean, variance] = [backend.output([channels]), backend.output([channels])];
  const [means, variances] = [backend.values(mean), backend.values(variance)];
  const origin = from + Math.floor(rows / 2) * channels * 4;
  backend.scratch([tasks * 2 * channels * 4], (partial) => {
    backend.run('batchNormSums', tasks, { x: from, origin, partial, rows, channels, rowsPerTask });
    const sums = total(backend.floats(partial, tasks * 2 * channels), tasks, channels);
    const origins = sum ? new Float32Array(channels) : backend.floats(origin, channels);
    if (sum) {
      fromZero(sums, backend.floats(origin, channels), rows);
      sum(sums);
    }
    const all = rows * parts;
    for (let c = 0; c < channels; c++) {
      const shift = sums[c] / all;
      means[c] = origins[c] + shift;
      variances[c] = Math.max(0, sums[channels + c] / all - shift * shift);
    }
  });
  const gammas = backend.values(gamma);
  const scale = Float32Array.from(variances, (v, c) => gammas[c] / Math.sqrt(v + epsilon));
  const shift = beta ? backend.values(beta) : new Float32Array(channels);
  return [apply(backend, x, { mean: means, scale, shift }, slope), mean, variance];
}

/** [dx, dgamma, dbeta]. The sign of y selects the slope, so a slope of 1 does not read y. */
function gradient(
  backend: SimdBackend,
  { x, y, dy, gamma, mean, variance }: GradientInputs,
  { epsilon, leakyReluAlpha: slope = 1, sum, parts = 1 }: TrainingAttrs,
): TensorInfo[] {
  const { rows, channels, rowsPerTask, tasks } = rowsOf(x.shape);
  const from = {
    x: backend.address(x),
    y: backend.address(y),
    dy: backend.address(dy),
    mean: backend.address(mean),
  };
  const dx = backend.output(x.shape);
  const [dgamma, dbeta] = [backend.output([channels]), backend.output([channels])];
  const [dgammas, dbetas] = [backend.values(dgamma), backend.values(dbeta)];
  const [gammas, variances] = [backend.values(gamma), backend.values(variance)];
  const bytes = channels * 4;
  backend.scratch([tasks * 2 * bytes, bytes, bytes, bytes], (partial, a, b, c) => {
    const sizes = { rows, channels, rowsPerTask, slope };
    backend.run('batchNormGradientSums', tasks, { ...from, partial, ...sizes });
    const sums = total(backend.floats(partial, tasks * 2 * channels), tasks, channels);
    const [as, bs, cs] = [a, b, c].map((k) => backend.floats(k, channels));
    // These derivatives are sums over the rows of x; that of x has the means of the whole batch.
    for (let i = 0; i < channels; i++) {
      dbetas[i] = sums[i];
      dgammas[i] = sums[channels + i] * (1 / Math.sqrt(variances[i] + epsilon));
    }
    sum?.(sums);
    const all = rows * parts;
    for (let i = 0; i < channels; i++) {
      const rootInverse = 1 / Math.sqrt(variances[i] + epsilon);
      const scale = gammas[i] * rootInverse;
      as[i] = scale;
      bs[i] = (-scale * rootInverse * rootInverse * sums[channels + i]) / all;
      cs[i] = (-scale * sums[i]) / all;
    }
    const coefficients = { ka: a, kb: b, kc: c };
    const args = { ...from, dx: backend.address(dx), ...coefficients, ...sizes };
    backend.run('batchNormGradient', tasks, args);
  });
  return [dx, dgamma, dbeta];
}

/**
 * Whether the first tensors have one shape, with values in it, and the others one value for each of
 * its channels.
 */
function areRows([x, ...others]: TensorInfo[], channels: (TensorInfo | undefined | null)[]) {
  return (
    x.shape.length > 0 &&
    util.sizeFromShape(x.shape) > 0 &&
    others.every(({ shape }) => util.arraysEqual(shape, x.shape)) &&
    channels.every((t) => !t || util.arraysEqual(t.shape, x.shape.slice(-1)))
  );
}

export const batchNormKernels = [
  kernel<TrainingInputs, TrainingAttrs>(
    'BatchNormTraining',
    ({ inputs, attrs, backend }) => train(backend, inputs, attrs),
    ({ inputs: { x, gamma, beta } }) => areRows([x], [gamma, beta]),
  ),
  kernel<GradientInputs, TrainingAttrs>(
    'BatchNormTrainingGrad',
    ({ inputs, attrs, backend }) => gradient(backend, inputs, attrs),
    ({ inputs: { x, y, dy, gamma, mean, variance } }) =>
      areRows([x, y, dy], [gamma, mean, variance]),
  ),
  kernel<InferenceInputs, { varianceEpsilon?: number }>(
    'FusedBatchNorm',
    ({ inputs: { x, mean, variance, offset, scale }, attrs, backend }) => {
      const gammas = scale && backend.values(scale);
      const factors = Float32Array.from(
        backend.values(variance),
        (v, c) => (gammas ? gammas[c] : 1) / Math.sqrt(v + (attrs.varianceEpsilon ?? 1e-3)),
      );
      const shift = offset ? backend.values(offset) : new Float32Array(factors.length);
      return apply(backend, x, { mean: backend.values(mean), scale: factors, shift }, 1);
    },
    ({ inputs: { x, mean, variance, offset, scale } }) =>
      areRows([x], [mean, variance, offset, scale]),
  ),
];
