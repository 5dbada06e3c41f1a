import { Random } from '@tgan/core';
import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerSimdBackend } from './register.js';
import { agree, channels, coarse, runs, size, smooth } from './testing/agree.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
});

describe('comparisons and logic', () => {
  const comparisons = [
    'greater',
    'greaterEqual',
    'less',
    'lessEqual',
    'equal',
    'notEqual',
  ] as const;

  it.each(comparisons)('%s broadcasts as cpu does', async (name) => {
    const part = fc
      .array(fc.tuple(size, fc.boolean()), { minLength: 0, maxLength: 4 })
      .map((axes) => [axes.map(([n]) => n), axes.map(([n, one]) => (one ? 1 : n))]);
    await fc.assert(
      fc.asyncProperty(part, fc.boolean(), async ([full, ones], swap) => {
        const [a, b] = swap ? [ones, full] : [full, ones];
        await agree(['compare'], () => tf[name](coarse(a, 1), coarse(b, 2)));
      }),
      runs,
    );
    const extremes = [NaN, Infinity, -Infinity, 0, -0, 1];
    await agree(['compare'], () => tf[name](tf.tensor2d(extremes, [6, 1]), tf.tensor1d(extremes)));
    await agree(['compare'], () => tf[name](coarse([40_003], 1), tf.scalar(1)));
  });

  it('leave other dtypes to cpu', async () => {
    for (const name of comparisons) {
      const integers = () => tf.tensor1d([16_777_217, 2, -3], 'int32');
      await agree([], () => tf[name](integers(), tf.tensor1d([16_777_216, 2, 3], 'int32')));
      await agree([], () => tf[name](tf.tensor1d([1, 0], 'bool'), tf.tensor1d([0, 0], 'bool')));
    }
  });

  it('and, or and not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (length) => {
        await agree(['logic'], () => {
          const [a, b] = [coarse([length], 1).greater(0), coarse([length], 2).greater(1)];
          return [a.logicalAnd(b), a.logicalOr(b), a.logicalNot()];
        });
      }),
      runs,
    );
    await agree([], () => {
      const [a, b] = [coarse([3, 5], 1).greater(0), coarse([5], 2).greater(1)];
      return [a.logicalAnd(b), a.logicalOr(b)];
    });
  });

  it('give ReLU6 its gradient', async () => {
    await agree(['compare'], () => tf.grad((x) => x.relu6())(coarse([5, 40], 3).mul(3)));
  });
});

describe('log and softmax', () => {
  it('log is right to two units in the last place, and at the extremes', async () => {
    const random = new Random(5);
    const x = [
      ...random.uniform(20_000, 0, 4),
      ...random.uniform(20_000, -88, 88).map(Math.exp),
      ...[0, -0, 1, 1e-45, 1.1e-38, 1.2e-38, 3.4e38, Infinity, -Infinity, -1, NaN].map(Math.fround),
    ];
    await tf.setBackend('simd');
    tf.tidy(() => {
      tf.tensor1d(x)
        .log()
        .dataSync()
        .forEach((value, i) => {
          const exact = Math.log(Math.fround(x[i]));
          if (Object.is(value, Math.fround(exact)) || value === exact) return;
          const unit = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);
          expect(Math.abs(value - exact) / unit, `log(${x[i]})`).toBeLessThan(2);
        });
    });
  });

  it('softmax, for rows of any length', async () => {
    const shape = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(shape, async (shape) => {
        await agree(['softmax'], () => tf.softmax(smooth(shape, 1).mul(5)), 2e-6);
      }),
      runs,
    );
    const special = [Infinity, 1, 2, NaN, 0, 0, -Infinity, -Infinity, -Infinity, 500, -500, 0];
    await agree(['softmax'], () => tf.softmax(tf.tensor2d(special, [4, 3])));
  });
});

describe('gathering', () => {
  it('takes slices along any axis, and adds up its gradient', async () => {
    const property = fc.asyncProperty(
      fc.array(size, { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 20 }),
      async (shape, at, count) => {
        const axis = at % shape.length;
        const random = new Random(1);
        const indices = () =>
          tf.tensor1d(
            Array.from({ length: count }, () => random.integer(shape[axis])),
            'int32',
          );
        const numbers = indices().arraySync();
        await agree(['gather', 'segmentSum'], () => {
          const x = coarse(shape, 2);
          const take = (x: tf.Tensor) => tf.gather(x, tf.tensor1d(numbers, 'int32'), axis);
          const y = take(x);
          return [y, tf.grad(take)(x, coarse(y.shape, 3))];
        });
      },
    );
    await fc.assert(property, runs);
  });

  it('takes slices of each sample by indices of its own', async () => {
    await agree(['gather'], () =>
      tf.gather(coarse([3, 4, 5, 2], 1), tf.tensor2d([0, 3, 4, 1, 2, 2], [3, 2], 'int32'), 2, 1),
    );
  });

  it('refuses indices that do not exist, as cpu does', async () => {
    for (const name of ['cpu', 'simd']) {
      await tf.setBackend(name);
      const call = () => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, 3], 'int32'));
      expect(() => tf.tidy(call)).toThrow('the index value 3 is not in [0, 2]');
    }
  });

  it('sums segments, leaving out rows of none', async () => {
    await agree(['segmentSum'], () => {
      const ids = tf.tensor1d([2, 0, -1, 2, 7, 1], 'int32');
      return [
        tf.unsortedSegmentSum(coarse([6], 1), ids, 4),
        tf.unsortedSegmentSum(coarse([6, 70, 3], 1), ids, 4),
      ];
    });
  });
});

describe('along an axis', () => {
  const shape = fc.array(size, { minLength: 1, maxLength: 4 });

  it('running sums, either way, with the value itself or without', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(3), async (shape, at) => {
        const axis = at % shape.length;
        await agree(['cumulativeSum'], () =>
          [false, true].flatMap((exclusive) =>
            [false, true].map((reverse) => tf.cumsum(coarse(shape, 1), axis, exclusive, reverse)),
          ),
        );
      }),
      runs,
    );
    await agree(['cumulativeSum'], () => tf.cumsum(coarse([3, 20, 130], 1), 1));
  });

  it('the place of the largest and of the smallest value', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.nat(3), async (shape, at) => {
        const x = () => coarse(shape, 1);
        const axis = at % shape.length;
        await agree(['argExtreme'], () => [tf.argMax(x(), axis), tf.argMin(x(), axis)]);
      }),
      runs,
    );
    await agree(['argExtreme'], () => {
      const x = tf.tensor2d([NaN, 1, 2, 0, NaN, 3, -Infinity, Infinity, NaN, 5, 5, 5], [4, 3]);
      return [x.argMax(1), x.argMin(1), x.argMax(0), x.argMin(0)];
    });
  });

  it('the place in long rows, with equal values and NaN', async () => {
    const length = fc.integer({ min: 16, max: 70 });
    await fc.assert(
      fc.asyncProperty(length, fc.array(fc.nat(69), { maxLength: 3 }), async (length, missing) => {
        await agree(['argExtreme'], () => {
          const values = coarse([5, length], 1).dataSync().slice();
          for (const at of missing.filter((at) => at < length)) values[length + at] = NaN;
          const x = tf.tensor2d(values, [5, length]);
          return [x.argMax(1), x.argMin(1)];
        });
      }),
      runs,
    );
  });

  it('whose results are integers that other kernels take', async () => {
    await agree(['argExtreme'], () => {
      const labels = coarse([8, 5], 1).argMax(1);
      return [labels.equal(coarse([8, 5], 1).argMax(-1)), labels.toFloat().mul(0.5), labels.add(1)];
    });
  });
});

describe('resizing', () => {
  const sizes = fc.tuple(size, size);
  const ways = fc.constantFrom<[boolean, boolean]>([false, false], [true, false], [false, true]);
  const resizes = {
    resizeBilinear: tf.image.resizeBilinear,
    resizeNearestNeighbor: tf.image.resizeNearestNeighbor,
  };

  it.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)(
    '%s and its gradient are those of cpu',
    async (name) => {
      const property = fc.asyncProperty(
        ...[sizes, sizes, channels, ways],
        async ([height, width], to, c, [alignCorners, halfPixels]) => {
          // Here the cpu kernel of the nearest pixel's gradient never ends.
          fc.pre(!alignCorners || Math.min(height, width) > 1);
          const resize = (x: tf.Tensor) =>
            resizes[name](x as tf.Tensor4D, to, alignCorners, halfPixels);
          // The cpu kernel returns the gradient of a picture that is not square on its side.
          const isSquare = height === width || name === 'resizeNearestNeighbor';
          // And that of the nearest pixel reads the gradient of the first sample for all.
          const batch = name === 'resizeNearestNeighbor' ? 1 : 2;
          await agree(
            isSquare ? ['resize', 'resizeGradient'] : ['resize'],
            () => {
              const x = smooth([batch, height, width, c], 1);
              const y = resize(x);
              return isSquare ? [y, tf.grad(resize)(x, smooth(y.shape, 2))] : y;
            },
            1e-6,
          );
        },
      );
      await fc.assert(property, runs);
    },
  );

  it.each(Object.entries(resizes))(
    'has gradients of several pictures that are not square: %s',
    async (_, resizeTo) => {
      await tf.setBackend('simd');
      tf.tidy(() => {
        const resize = (x: tf.Tensor) => resizeTo(x as tf.Tensor4D, [6, 10]);
        const dy = tf.ones([2, 6, 10, 2]).mul(tf.tensor4d([1, 2], [2, 1, 1, 1]));
        const gradient = tf.grad(resize)(tf.zeros([2, 3, 5, 2]), dy);
        expect(gradient.shape).toEqual([2, 3, 5, 2]);
        expectClose(gradient.sum([1, 2, 3]), [120, 240], 1e-6);
      });
    },
  );
});
