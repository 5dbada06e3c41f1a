import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerSimdBackend } from './register.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
});

const { ones, zeros } = tf;
const run = (name: string, inputs: tf.NamedTensorMap | tf.Tensor[], attrs: object = {}) =>
  tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attrs as never) as
    tf.Tensor | tf.Tensor[];
const conv = { strides: 1, pad: 'valid', dataFormat: 'NHWC', dilations: 1 };
const matrices = { transposeA: false, transposeB: false };
const mask = () => tf.tensor1d([1, 0], 'bool');

/** Calls that cpu refuses, with a part of its message. */
const refused: Record<string, [() => tf.Tensor | tf.Tensor[], RegExp]> = {
  'matMul of a vector': [
    () => tf.matMul(ones([3, 2]), tf.tensor([1, 1])),
    /inner shapes \(2\) and \(undefined\)/,
  ],
  'matMul of other inner sizes': [
    () => run('BatchMatMul', { a: ones([3, 2]), b: ones([3, 2]) }, matrices),
    /inner shapes \(2\) and \(3\)/,
  ],
  'matMul of batches that do not broadcast': [
    () => tf.matMul(ones([2, 3, 4]), ones([3, 4, 5])),
    /could not be broadcast/,
  ],
  'fused matMul of other inner sizes': [
    () => run('_FusedMatMul', { a: ones([3, 2]), b: ones([3, 2]) }, matrices),
    /inner shapes/,
  ],
  'a fused activation that is not one': [
    () =>
      run(
        '_FusedMatMul',
        { a: ones([2, 2]), b: ones([2, 2]) },
        { ...matrices, activation: 'toString' },
      ),
    /Activation toString has not been implemented/,
  ],
  'concat of unequal rows': [
    () => tf.concat([ones([2, 1000]), ones([1, 2000])], 0),
    /does not match the shape of the rest/,
  ],
  'concat of unequal ranks': [
    () => run('Concat', [ones([2, 3]), ones([2])], { axis: 0 }),
    /rank of tensors\[1\]/,
  ],
  'stack of unequal shapes': [
    () => tf.stack([ones([2, 3]), ones([3, 2])]),
    /must have matching shapes/,
  ],
  'split that does not divide': [() => tf.split(ones([2, 5]), 2, 1), /must evenly divide the axis/],
  'split into sizes that do not add up': [
    () => tf.split(ones([2, 6]), [4, 4], 1),
    /sum of sizes must match/,
  ],
  'split with two sizes left open': [
    () => tf.split(ones([2, 6]), [-1, -1], 1),
    /only one negative value/,
  ],
  'slice beyond the end': [
    () => run('Slice', { x: ones([3]) }, { begin: [2], size: [2] }),
    /would overflow input.shape/,
  ],
  'slice from -1': [
    () => run('Slice', { x: ones([3]) }, { begin: [-1], size: [1] }),
    /does not support negative begin/,
  ],
  'sum over an axis that is not there': [
    () => run('Sum', { x: ones([2, 3]) }, { axis: 5 }),
    /axis 5/,
  ],
  'max over an axis that is not there': [
    () => run('Max', { x: ones([2, 3]) }, { reductionIndices: -3 }),
    /axis -3/,
  ],
  'add of shapes that do not broadcast': [
    () => run('Add', { a: ones([2, 3]), b: ones([2]) }),
    /could not be broadcast/,
  ],
  'unstack along an axis that is not there': [
    () => run('Unpack', { value: ones([2, 3]) }, { axis: 5 }),
    /./,
  ],
  'pad that takes away more than there is': [
    () => tf.pad(ones([3]), [[-5, 1]]),
    /Invalid typed array length/,
  ],
  'tile by a negative number': [() => tf.tile(ones([2]), [-1]), /positive integers/],
  'fill of a negative size': [() => tf.fill([-1], 1), /positive integers/],
  'batch norm of unequal ranks': [
    () => run('FusedBatchNorm', { x: ones([2, 3]), mean: ones([3]), variance: ones([1, 3]) }),
    /equal ranks/,
  ],
  'filter gradient of another dy': [
    () =>
      run(
        'Conv2DBackpropFilter',
        { x: ones([1, 4, 4, 1]), dy: ones([1, 1, 1, 1]) },
        { ...conv, filterShape: [3, 3, 1, 1] },
      ),
    /out of range/,
  ],
};

/**
 * Calls that cpu answers, some with nonsense. What it answers is known, so no foreign memory is
 * read.
 */
const answered: Record<string, () => tf.Tensor | tf.Tensor[]> = {
  'concat of empty tensors': () => tf.concat([ones([0, 5]), ones([0, 10])], 1),
  'concat with an empty tensor': () => tf.concat([ones([0, 5]), ones([2, 5])], 0),
  'slice from -2': () => run('Slice', { x: ones([3]) }, { begin: [-2], size: [2] }),
  'pad that takes away': () => tf.pad(tf.tensor1d([1, 2, 3]), [[-1, 1]]),
  'tile by 0': () => tf.tile(ones([2]), [0]),
  'transpose that repeats an axis': () => run('Transpose', { x: ones([2, 3]) }, { perm: [0, 0] }),
  'addN of unequal shapes': () => run('AddN', [ones([4]), ones([2])]),
  'sum over one axis twice': () => run('Sum', { x: ones([2, 3]) }, { axis: [1, 1] }),
  'mean over one axis twice': () => run('Mean', { x: ones([2, 3]) }, { axis: [1, 1] }),
  'sum of nothing': () => tf.sum(ones([0, 3]), 0),
  'max of nothing': () => tf.max(ones([0, 3]), 0),
  'select from unequal shapes': () =>
    run('Select', { condition: mask(), t: ones([2]), e: zeros([5]) }),
  'batch norm of one scale': () =>
    tf.batchNorm(ones([2, 3]), zeros([3]), ones([3]), zeros([1]), tf.tensor1d([2])),
  'batch norm without epsilon': () =>
    run('FusedBatchNorm', { x: ones([2, 3]), mean: zeros([3]), variance: ones([3]) }),
  'a convolution of no samples': () =>
    tf.conv2d(ones([0, 4, 4, 1]) as tf.Tensor4D, ones([3, 3, 1, 1]) as tf.Tensor4D, 1, 'valid'),
  'a product of no rows': () => tf.matMul(ones([0, 4]), ones([4, 3])),
  'conv2dTranspose to a larger shape': () =>
    tf.conv2dTranspose(
      ...([
        ones([1, 2, 2, 1]),
        ones([3, 3, 1, 1]),
        [1, 10, 10, 1],
        1,
        'valid',
      ] as unknown as Parameters<typeof tf.conv2dTranspose>),
    ),
  'conv2dTranspose to a smaller shape': () =>
    tf.conv2dTranspose(
      ...([
        ones([1, 8, 8, 1]),
        ones([3, 3, 1, 1]),
        [1, 4, 4, 1],
        1,
        'valid',
      ] as unknown as Parameters<typeof tf.conv2dTranspose>),
    ),
  'conv3dTranspose to a larger shape': () =>
    tf.conv3dTranspose(
      ...([
        ones([1, 2, 2, 2, 1]),
        ones([3, 3, 3, 1, 1]),
        [1, 9, 9, 9, 1],
        1,
        'valid',
      ] as unknown as Parameters<typeof tf.conv3dTranspose>),
    ),
};

async function outcome(backend: string, call: () => tf.Tensor | tf.Tensor[]) {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    try {
      return [call()].flat().map((t) => ({ shape: t.shape, values: [...t.dataSync()] }));
    } catch (error) {
      return (error as Error).message;
    }
  });
}

describe('what tfjs refuses', () => {
  it.each(Object.entries(refused))('%s', async (_, [call, message]) => {
    const expected = await outcome('cpu', call);
    expect(expected).toMatch(message);
    expect(await outcome('simd', call)).toBe(expected);
  });
});

describe('what tfjs answers although shapes contradict or are empty', () => {
  it.each(Object.entries(answered))('%s', async (_, call) => {
    const expected = await outcome('cpu', call);
    expect(expected).toBeInstanceOf(Array);
    expect(await outcome('simd', call)).toEqual(expected);
  });
});

describe('one storage under several shapes', () => {
  const valuesOf = async (backend: string, call: () => tf.Tensor) =>
    ((await outcome(backend, call)) as { values: number[] }[])[0].values;
  const numbers = (size: number) => tf.range(0, size).div(size) as tf.Tensor1D;

  it('has a transformed filter for each', async () => {
    const call = () => {
      const w = numbers(16).add(0);
      const x = numbers(64);
      const wide = tf.conv2d(
        x.reshape<tf.Tensor4D>([1, 4, 8, 2]),
        w.reshape([1, 1, 2, 8]) as tf.Tensor4D,
        1,
        'valid',
      );
      const narrow = tf.conv2d(
        x.reshape<tf.Tensor4D>([1, 2, 4, 8]),
        w.reshape([1, 1, 8, 2]) as tf.Tensor4D,
        1,
        'valid',
      );
      return tf.concat([wide.flatten(), narrow.flatten()]);
    };
    const [expected, actual] = [await valuesOf('cpu', call), await valuesOf('simd', call)];
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });

  it('is no Gram matrix when the shapes differ', async () => {
    const call = () => {
      const x = numbers(12).add(0);
      return tf.matMul(x.reshape([2, 2, 3]), x.reshape([1, 2, 6]), true, false);
    };
    const [expected, actual] = [await valuesOf('cpu', call), await valuesOf('simd', call)];
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });
});
