import { Random, sizeOf } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { clipKernel, clipKernelSync } from './index.js';
import { fromBlocks, KERNEL_LAYOUTS, toBlocks } from './kernels.js';

const random = new Random(11);

const kernelOf = (...shape: number[]) => {
  const size = sizeOf(shape);
  return tf.tensor(random.uniform(size, -1, 1), shape);
};

/**
 * The matrix of a linear map from `size` numbers, a column each, by applying it to unit vectors.
 */
function matrixOf(size: number, map: (x: tf.Tensor) => tf.Tensor): Matrix {
  const columns = Array.from({ length: size }, (_, i) =>
    tf.tidy(() => {
      const unit = tf.buffer([size]);
      unit.set(1, i);
      return [...map(unit.toTensor()).dataSync()];
    }),
  );
  return new Matrix(columns).transpose();
}

/** U min(S, 1) V' */
function clipped(w: Matrix): Matrix {
  const {
    leftSingularVectors: u,
    rightSingularVectors: v,
    diagonal,
  } = new SingularValueDecomposition(w, { autoTranspose: true });
  return u.mmul(Matrix.diag(diagonal.map((s) => Math.min(1, s)))).mmul(v.transpose());
}

describe('kernel layouts', () => {
  it('come back from their matrices', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(shapes, fc.constantFrom(...KERNEL_LAYOUTS), (shape, layout) => {
        tf.tidy(() => {
          const kernel = kernelOf(...shape);
          const back = fromBlocks(toBlocks(kernel, layout, 'kernel'), shape, layout);
          expect(back.shape).toEqual(shape);
          expect(back.dataSync()).toEqual(kernel.dataSync());
        });
      }),
    );
  });

  // A convolution whose window covers its whole input is one application of its matrix: clipping
  // the kernel must clip the singular values of that map, which tfjs itself computes here.
  const maps: Record<
    string,
    {
      kernel: tf.Tensor;
      layout: 'convolution' | 'transposed' | 'depthwise';
      input: number;
      map: (kernel: tf.Tensor) => (x: tf.Tensor) => tf.Tensor;
    }
  > = {
    dense: {
      kernel: kernelOf(7, 5),
      layout: 'convolution',
      input: 7,
      map: (w) => (x) => x.reshape([1, 7]).matMul(w as tf.Tensor2D),
    },
    conv1d: {
      kernel: kernelOf(3, 4, 6),
      layout: 'convolution',
      input: 12,
      map: (w) => (x) => tf.conv1d(x.reshape([1, 3, 4]), w as tf.Tensor3D, 1, 'valid'),
    },
    conv2d: {
      kernel: kernelOf(2, 3, 4, 5),
      layout: 'convolution',
      input: 24,
      map: (w) => (x) => tf.conv2d(x.reshape([1, 2, 3, 4]), w as tf.Tensor4D, 1, 'valid'),
    },
    conv3d: {
      kernel: kernelOf(2, 2, 2, 3, 4),
      layout: 'convolution',
      input: 24,
      map: (w) => (x) => tf.conv3d(x.reshape([1, 2, 2, 2, 3]), w as tf.Tensor5D, 1, 'valid'),
    },
    'depthwise conv2d': {
      kernel: kernelOf(2, 2, 3, 2),
      layout: 'depthwise',
      input: 12,
      map: (w) => (x) => tf.depthwiseConv2d(x.reshape([1, 2, 2, 3]), w as tf.Tensor4D, 1, 'valid'),
    },
  };
  for (const [name, { kernel, layout, input, map }] of Object.entries(maps)) {
    it(`clip a ${name} kernel as the matrix that it is`, async () => {
      const result = await clipKernel(kernel, layout);
      const expected = clipped(matrixOf(input, map(kernel)));
      expectClose(matrixOf(input, map(result)).to1DArray(), expected.to1DArray(), 1e-6, name);
      expect(
        expected
          .clone()
          .sub(matrixOf(input, map(kernel)))
          .norm(),
      ).toBeGreaterThan(0.1);
      result.dispose();
    });
  }

  it('clip a transposed kernel as out x (window in), each output from one input of each window place', async () => {
    const [k, out, inputs] = [3, 4, 2];
    const kernel = kernelOf(k, out, inputs);
    const result = await clipKernel(kernel, 'transposed');
    const rows = (w: tf.Tensor) => {
      const values = tf.tidy(() => w.transpose([1, 0, 2]).dataSync());
      return Matrix.from1DArray(out, k * inputs, [...values]);
    };
    expectClose(rows(result).to1DArray(), clipped(rows(kernel)).to1DArray(), 1e-6);
    tf.dispose([kernel, result]);
  });

  it('refuse a kernel of one axis and an unknown layout, and leave nothing behind', async () => {
    const [bias, kernel] = [kernelOf(3), kernelOf(3, 3)];
    await expectNoLeaks(async () => {
      await expect(clipKernel(bias, 'convolution', { name: 'c1/bias' })).rejects.toThrow(
        /c1\/bias: expected a float32 kernel of 2 axes or more, none empty; got float32 \[3\]/,
      );
      expect(() => clipKernelSync(kernel, 'dense' as 'convolution')).toThrow(
        /kernel: expected a layout of convolution, transposed, depthwise; got dense/,
      );
    });
    tf.dispose([bias, kernel]);
  });
});
