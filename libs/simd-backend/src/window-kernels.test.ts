import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { registerSimdBackend } from './register.js';
import { agree, channels, coarse, runs, size, smooth } from './testing/agree.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
});

/** Whether there is an output. With a number as padding, tfjs takes the window for a square. */
const fits = (sizes: number[], window: number[], padding: 'same' | 'valid' | number) =>
  padding === 'same' ||
  sizes.every((size, axis) =>
    padding === 'valid' ? window[axis] <= size : window[0] <= size + 2 * padding,
  );
const pad = fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1);

describe('pooling', () => {
  const pools = { maxPool: tf.maxPool, avgPool: tf.avgPool } as const;
  const pools3d = { maxPool: tf.maxPool3d, avgPool: tf.avgPool3d } as const;
  const kernelsOf = {
    maxPool: ['maxPool', 'maxPoolGradient'],
    avgPool: ['averagePool'],
  } as const;

  it.each(['maxPool', 'avgPool'] as const)('%s and its gradient are those of cpu', async (name) => {
    const property = fc.asyncProperty(
      ...[fc.tuple(size, size), channels, fc.tuple(size, size), fc.tuple(size, size), pad],
      async ([height, width], c, [rows, columns], [down, across], padding) => {
        const shape = [2, height, width, c];
        // tfjs counts the columns of the result by the height of the window and its stride.
        const isSquare = typeof padding === 'number';
        const window: [number, number] = [rows, isSquare ? rows : columns];
        const strides: [number, number] = [down, isSquare ? down : across];
        const side = typeof padding === 'number' ? 2 * padding : 0;
        const isFit = fits([height, width], window, padding);
        fc.pre(isFit && window[0] * window[1] > 1 && (side === 0 || Math.min(...window) > 1));
        const pool = (x: tf.Tensor) =>
          pools[name](x as tf.Tensor4D, window, strides, padding, side ? 'floor' : undefined);
        // tfjs's gradient of the mean does not know the rounding.
        const isSame = name === 'maxPool' || side === 0;
        await agree(
          isSame ? kernelsOf[name] : [],
          () => {
            const x = coarse(shape, 1);
            const y = pool(x);
            if (!isSame) return y;
            return [y, tf.grad(pool)(x, smooth(y.shape, 2))];
          },
          1e-6,
        );
      },
    );
    await fc.assert(property, runs);
  });

  it.each(['maxPool', 'avgPool'] as const)('%s and its gradient, over three axes', async (name) => {
    const property = fc.asyncProperty(
      ...[fc.tuple(size, size, size), channels, fc.constantFrom(2, 3), fc.constantFrom(1, 2), pad],
      async (sizes, c, window, stride, padding) => {
        fc.pre(padding === 'same' || Math.min(...sizes) >= window);
        const pool = (x: tf.Tensor) => {
          const rounding = typeof padding === 'number' ? 'floor' : undefined;
          return pools3d[name](x as tf.Tensor5D, window, stride, padding, rounding);
        };
        await agree(
          kernelsOf[name],
          () => {
            const x = coarse([1, ...sizes, c], 1);
            const y = pool(x);
            return [y, tf.grad(pool)(x, smooth(y.shape, 2))];
          },
          1e-6,
        );
      },
    );
    await fc.assert(property, runs);
  });

  it('takes padding of each side, which may be all that a window sees', async () => {
    const padding: [[0, 0], [number, number], [number, number], [0, 0]] = [
      [0, 0],
      [3, 1],
      [0, 4],
      [0, 0],
    ];
    await agree(['maxPool', 'averagePool'], () => {
      const x = coarse([1, 5, 4, 6], 3) as tf.Tensor4D;
      // The op takes no such padding; its kernel does.
      const of = (kernel: string) =>
        tf
          .engine()
          .runKernel(
            kernel,
            { x },
            { filterSize: 2, strides: 1, pad: padding as never },
          ) as tf.Tensor;
      return [of('MaxPool'), of('AvgPool')];
    });
  });

  it('passes over NaN, as cpu does', async () => {
    await agree(['maxPool', 'maxPoolGradient', 'averagePool'], () => {
      const values = [NaN, 1, 2, NaN, NaN, NaN, -Infinity, -Infinity, Infinity, NaN, 3, 3];
      const x = tf.tensor4d(values, [1, 2, 6, 1]);
      const max = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid');
      const y = max(x);
      return [y, tf.grad(max)(x, tf.ones(y.shape)), tf.avgPool(x, 2, 2, 'valid')];
    });
  });
});

describe('depthwise convolution', () => {
  it('and both gradients are those of cpu', async () => {
    const property = fc.asyncProperty(
      ...[fc.tuple(size, size), channels, fc.constantFrom(1, 2, 3), fc.tuple(size, size)],
      ...[fc.constantFrom(1, 2, 3), pad],
      async ([height, width], c, multiplier, window, stride, padding) => {
        const side = typeof padding === 'number' ? 2 * padding : 0;
        const isFit = fits([height, width], window, padding);
        fc.pre(isFit);
        const rounding = side ? ('floor' as const) : undefined;
        const conv = (x: tf.Tensor, filter: tf.Tensor) =>
          tf.depthwiseConv2d(
            ...([x as tf.Tensor4D, filter as tf.Tensor4D, stride, padding] as const),
            ...(['NHWC', 1, rounding] as const),
          );
        await agree(
          ['depthwise', 'depthwiseFilterGradient'],
          () => {
            const x = smooth([2, height, width, c], 1);
            const filter = smooth([...window, c, multiplier], 2);
            const y = conv(x, filter);
            return [y, ...tf.grads(conv)([x, filter], smooth(y.shape, 3))];
          },
          1e-5,
        );
      },
    );
    await fc.assert(property, runs);
  });

  it('sums many outputs in slices', async () => {
    const conv = (x: tf.Tensor, filter: tf.Tensor) =>
      tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same');
    await agree(
      ['depthwiseFilterGradient', 'sumRows'],
      () => {
        const [x, filter] = [smooth([3, 40, 30, 5], 1), smooth([3, 3, 5, 1], 2)];
        return tf.grads(conv)([x, filter], smooth([3, 40, 30, 5], 3));
      },
      1e-5,
    );
  });

  it('has dilations, which have no gradients in tfjs', async () => {
    await agree(
      ['depthwise'],
      () => {
        const x = smooth([2, 9, 11, 6], 1) as tf.Tensor4D;
        const filter = smooth([3, 2, 6, 2], 2) as tf.Tensor4D;
        return tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', [2, 3]);
      },
      1e-6,
    );
  });

  it.each(['linear', 'relu', 'relu6', 'leakyrelu', 'sigmoid', 'elu'] as const)(
    'is fused with a bias and with %s',
    async (activation) => {
      await agree(
        activation === 'elu' ? [] : ['depthwise'],
        () =>
          tf.fused.depthwiseConv2d({
            ...{ x: smooth([2, 6, 5, 8], 1) as tf.Tensor4D, strides: 2, pad: 'same', activation },
            ...{ filter: smooth([3, 3, 8, 1], 2) as tf.Tensor4D, bias: smooth([8], 3) },
            leakyreluAlpha: 0.3,
          }),
        1e-5,
      );
    },
  );
});
