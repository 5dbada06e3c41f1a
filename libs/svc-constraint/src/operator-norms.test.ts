import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { NonFiniteWeightError, operatorNorms } from './index.js';

const random = new Random(31);

/** A model of one layer without bias, with random weights of a scale. */
function layerModel(layer: tf.layers.Layer, inputShape: number[], scale = 1): tf.LayersModel {
  const input = tf.input({ shape: inputShape });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  tf.tidy(() => {
    for (const weight of model.weights) {
      const shape = weight.shape as number[];
      const values = random.uniform(tf.util.sizeFromShape(shape), -scale, scale);
      (weight.read() as tf.Variable).assign(tf.tensor(values, shape));
    }
  });
  return model;
}

/** The model's largest singular value, from the dense matrix that unit vectors give. */
function denseNorm(model: tf.LayersModel): number {
  const shape = model.inputs[0].shape.slice(1) as number[];
  const size = tf.util.sizeFromShape(shape);
  const columns = tf.tidy(
    () =>
      (model.predict(tf.eye(size).reshape([size, ...shape])) as tf.Tensor)
        .reshape([size, -1])
        .arraySync() as number[][],
  );
  return new SingularValueDecomposition(new Matrix(columns), { autoTranspose: true }).norm2;
}

/** The largest singular value of a kernel as a matrix of outputs x rest. */
function kernelNorm(model: tf.LayersModel): number {
  const kernel = model.weights[0].read();
  const rows = tf.tidy(
    () => kernel.reshape([-1, kernel.shape[kernel.rank - 1]]).arraySync() as number[][],
  );
  return new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true }).norm2;
}

const convolution = fc
  .record({
    dimensions: fc.constantFrom(1, 2, 3),
    kernelSize: fc.integer({ min: 1, max: 4 }),
    strides: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom('same' as const, 'valid' as const),
    filters: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 2 }),
    extra: fc.integer({ min: 0, max: 3 }),
    scale: fc.constantFrom(1e-4, 1, 1e4),
  })
  .map((args) => ({
    ...args,
    size: args.kernelSize + (args.dimensions === 3 ? args.extra % 2 : args.extra),
  }));

describe('operatorNorms', () => {
  it('are those of the dense matrix, over any convolution, and bounded by the kernel’s as they say', async () => {
    let above = 0;
    await fc.assert(
      fc.asyncProperty(convolution, async (args) => {
        const { dimensions, kernelSize, strides, padding, filters, channels, size, scale } = args;
        const make = [tf.layers.conv1d, tf.layers.conv2d, tf.layers.conv3d][dimensions - 1];
        const layer = make({ kernelSize, strides, padding, filters, useBias: false });
        const shape = [...Array(dimensions).fill(size), channels];
        const model = layerModel(layer, shape, scale);
        const [{ operator, kernel }] = await expectNoLeaks(() => operatorNorms(model));
        const [exact, exactKernel] = [denseNorm(model), kernelNorm(model)];
        expect(Math.abs(operator / exact - 1)).toBeLessThan(1e-3);
        expect(Math.abs(kernel / exactKernel - 1)).toBeLessThan(1e-3);
        const overlap = Math.ceil(kernelSize / strides) ** dimensions;
        expect(exact).toBeLessThanOrEqual(Math.sqrt(overlap) * exactKernel * (1 + 1e-6));
        // Along each axis: where the first window lies wholly inside.
        const outputs = Math.ceil(size / strides);
        const padded =
          padding === 'same' ? Math.max(0, (outputs - 1) * strides + kernelSize - size) : 0;
        const firstInside =
          Math.ceil(Math.floor(padded / 2) / strides) * strides - Math.floor(padded / 2);
        if (firstInside + kernelSize <= size) {
          expect(exact).toBeGreaterThanOrEqual(exactKernel * (1 - 1e-6));
        }
        if (exact > 1.2 * exactKernel) above++;
        model.dispose();
      }),
      // Seeded, because the tolerance holds for all but a thousandth of random kernels.
      { numRuns: 200, seed: 4 },
    );
    expect(above).toBeGreaterThan(0);
  });

  it.each([
    ['dense', tf.layers.dense({ units: 4, useBias: false }), [7]],
    ['dense over rows', tf.layers.dense({ units: 4, useBias: false }), [3, 5]],
    [
      'unequal strides',
      tf.layers.conv2d({ filters: 2, kernelSize: [3, 2], strides: [1, 2], useBias: false }),
      [5, 6, 2],
    ],
    [
      'depthwise',
      tf.layers.depthwiseConv2d({
        kernelSize: 3,
        depthMultiplier: 2,
        useBias: false,
        padding: 'same',
      }),
      [5, 5, 2],
    ],
    [
      'transposed',
      tf.layers.conv2dTranspose({
        filters: 2,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        useBias: false,
      }),
      [3, 4, 3],
    ],
    [
      'transposed in 3-D',
      tf.layers.conv3dTranspose({
        filters: 2,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        useBias: false,
      }),
      [2, 2, 2, 2],
    ],
    [
      'a window of time',
      tf.layers.timeDistributed({
        layer: tf.layers.conv2d({ filters: 2, kernelSize: 2, useBias: false }),
      }),
      [2, 4, 4, 1],
    ],
  ] as [string, tf.layers.Layer, number[]][])('know %s layers', async (_, layer, shape) => {
    const model = layerModel(layer, shape);
    const [{ operator }] = await operatorNorms(model, { tolerance: 1e-4 });
    expect(Math.abs(operator / denseNorm(model) - 1)).toBeLessThan(1e-4);
    model.dispose();
  });

  it('are sqrt(8) times the kernel’s where windows of 4 at stride 2 overlap most', async () => {
    // A constant kernel on a constant video: each input counts fully in all its eight windows.
    const layer = tf.layers.conv3d({
      filters: 1,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      useBias: false,
    });
    const model = layerModel(layer, [32, 32, 32, 1]);
    model.setWeights([tf.ones([4, 4, 4, 1, 1])]);
    const [{ operator, kernel }] = await operatorNorms(model);
    expect(kernel).toBeCloseTo(8, 4);
    expect(operator / kernel).toBeLessThanOrEqual(Math.sqrt(8) + 1e-6);
    expect(operator / kernel).toBeGreaterThan(0.97 * Math.sqrt(8));
    model.dispose();
  });

  it('can be less than the kernel’s where every window has padding in it', async () => {
    const layer = tf.layers.conv1d({
      filters: 1,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      useBias: false,
    });
    const model = layerModel(layer, [2, 1]);
    model.setWeights([tf.tensor3d([9, 1, 1, 9], [4, 1, 1])]);
    const [{ operator, kernel }] = await operatorNorms(model);
    expect(kernel).toBeCloseTo(Math.sqrt(164), 3);
    expect(operator).toBeCloseTo(Math.sqrt(2), 3);
    model.dispose();
  });

  it('are 0 for zeros, the same bits each time, and name what is no number or no tolerance', async () => {
    const model = layerModel(tf.layers.conv2d({ filters: 2, kernelSize: 3, name: 'c' }), [6, 6, 2]);
    expect(await operatorNorms(model)).toEqual(await operatorNorms(model));
    const kernel = model.weights[0].read() as tf.Variable;
    tf.tidy(() => kernel.assign(tf.zerosLike(kernel)));
    expect(await operatorNorms(model)).toEqual([{ name: 'c/kernel', kernel: 0, operator: 0 }]);
    for (const bad of [NaN, Infinity]) {
      tf.tidy(() => kernel.assign(tf.fill(kernel.shape, bad)));
      await expectNoLeaks(() => expect(operatorNorms(model)).rejects.toThrow(NonFiniteWeightError));
      await expectNoLeaks(() => expect(operatorNorms(model)).rejects.toThrow(/^c\/kernel holds/));
    }
    for (const tolerance of [0, -1, NaN, 1, 1e-9]) {
      await expectNoLeaks(() =>
        expect(operatorNorms(model, { tolerance })).rejects.toThrow(/tolerance must be at least/),
      );
    }
    model.dispose();
  });

  it('need an input of fixed size and a convolution without gaps', async () => {
    const layer = (more: object) =>
      tf.layers.conv2d({ filters: 1, kernelSize: 2, name: 'c', ...more });
    for (const [shape, more] of [
      [[null, null, 1], {}],
      [[4, 4, 1], { dilationRate: 2 }],
    ] as const) {
      const input = tf.input({ shape: [...shape] });
      const output = layer(more).apply(input) as tf.SymbolicTensor;
      const model = tf.model({ inputs: input, outputs: output });
      await expectNoLeaks(() =>
        expect(operatorNorms(model)).rejects.toThrow(/^c\/kernel: the norm of a convolution needs/),
      );
      model.dispose();
    }
  });
});
