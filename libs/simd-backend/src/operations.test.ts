import { Random } from '@tgan/core';
import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerSimdBackend } from './register.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
});

/** Runs `f` on `simd` and on tfjs's cpu backend and compares all results. */
async function agree(
  f: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
  inputs: { values: Float32Array; shape: number[] }[],
  tolerance = 1e-5,
): Promise<void> {
  const on = async (backend: string) => {
    await tf.setBackend(backend);
    return tf.tidy(() => {
      const results = f(...inputs.map(({ values, shape }) => tf.tensor(values, shape)));
      return [results].flat().map((t) => ({ shape: t.shape, values: t.dataSync() }));
    });
  };
  const expected = await on('cpu');
  const actual = await on('simd');
  expected.forEach(({ shape, values }, i) => {
    expect(actual[i].shape).toEqual(shape);
    expectClose(actual[i].values, values, tolerance, `result ${i}`);
  });
}

const tensor = (shape: number[], seed: number, low = -2, high = 2) => ({
  values: new Random(seed).uniform(tf.util.sizeFromShape(shape), low, high),
  shape,
});
const shapes = (min: number, max: number, size = 9) =>
  fc.array(fc.integer({ min: 1, max: size }), { minLength: min, maxLength: max });
const runs = { numRuns: 60 };

describe('matMul', () => {
  const batches = fc.constantFrom<[number[], number[]]>(
    [[], []],
    [[3], [3]],
    [[1], [4]],
    [[2, 3], [3]],
  );
  const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 33, 100));

  it('has all transposes, batches and odd sizes of cpu', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[batches, size, size, fc.constantFrom(1, 5, 8, 600), fc.boolean(), fc.boolean()],
        async (batch, m, n, k, transposeA, transposeB) => {
          const [a, b] = batch as [number[], number[]];
          const [as, bs] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
          await agree(
            (x, y) => tf.matMul(x, y, transposeA as boolean, transposeB as boolean),
            [tensor([...a, ...(as as number[])], 1), tensor([...b, ...(bs as number[])], 2)],
          );
        },
      ),
      runs,
    );
  });

  it('has the Gram matrices of cpu, of which it computes half', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.constantFrom(1, 5, 8, 600), fc.boolean(), async (m, k, wide) => {
        const shape = wide ? [2, m, k] : [2, k, m];
        await agree((x) => tf.matMul(x, x, !wide, wide), [tensor(shape, 1)]);
      }),
      runs,
    );
  });

  it('broadcasts batches both ways, which cpu does not', async () => {
    await tf.setBackend('simd');
    tf.tidy(() => {
      const make = (shape: number[], seed: number) => tf.tensor(tensor(shape, seed).values, shape);
      const [a, b] = [make([2, 1, 4, 5], 1), make([3, 5, 6], 2)];
      const expected = tf.matMul(a.tile([1, 3, 1, 1]), b.reshape([1, 3, 5, 6]).tile([2, 1, 1, 1]));
      expect(expected.shape).toEqual([2, 3, 4, 6]);
      expectClose(tf.matMul(a, b), expected, 1e-6);
    });
  });
});

describe('elementwise', () => {
  /** Two shapes that broadcast: some sizes of one are 1, and it may have fewer axes. */
  const pair = fc
    .tuple(shapes(0, 5, 6), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), fc.nat(5))
    .map(([shape, ones, drop]) => [
      shape,
      shape.map((n, i) => (ones[i] ? 1 : n)).slice(Math.min(drop, shape.length)),
    ]);

  it.each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'squaredDifference'] as const)(
    '%s broadcasts as cpu does, either way round',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(pair, fc.boolean(), async ([full, part], swap) => {
          const [a, b] = swap ? [part, full] : [full, part];
          await agree((x, y) => tf[name](x, y), [tensor(a, 1), tensor(b, 2, 0.5, 2)]);
        }),
        runs,
      );
    },
  );

  it('broadcasts rows and columns that span several tasks', async () => {
    for (const [a, b] of [
      [[40_000, 3], [3]],
      [
        [40_000, 3],
        [40_000, 1],
      ],
      [[300, 130], [130]],
      [
        [7, 1],
        [1, 9000],
      ],
    ]) {
      await agree((x, y) => [x.add(y), y.sub(x)], [tensor(a, 1), tensor(b, 2)]);
    }
  });

  const functions: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    neg: (x) => x.neg(),
    abs: (x) => x.abs(),
    square: (x) => x.square(),
    sqrt: (x) => x.abs().sqrt(),
    rsqrt: (x) => x.abs().add(0.1).rsqrt(),
    reciprocal: (x) => x.abs().add(0.1).reciprocal(),
    exp: (x) => x.exp(),
    floor: (x) => x.mul(1.5).floor(),
    log: (x) => x.abs().add(0.1).log(),
    sigmoid: (x) => x.sigmoid(),
    tanh: (x) => x.tanh(),
    relu: (x) => x.relu(),
    relu6: (x) => x.relu6(),
    leakyRelu: (x) => x.leakyRelu(0.3),
    step: (x) => x.step(0.1),
    clip: (x) => x.clipByValue(-0.5, 1),
    greater: (x) => tf.where(x.greater(0.25), x, x.mul(2)),
    'bool as float': (x) => x.mul(x.greater(0.25).cast('float32')),
    'bool as float and as bool': (x) => {
      const above = x.less(0.25).logicalNot();
      const float = x.mul(above.cast('float32'));
      return tf.where(above, float, x.mul(above.logicalNot().cast('float32')));
    },
  };
  it.each(Object.entries(functions))('%s', async (_, f) => {
    await fc.assert(
      fc.asyncProperty(shapes(0, 3, 20), async (shape) => agree(f, [tensor(shape, 3, -8, 8)])),
      runs,
    );
    await agree(f, [tensor([50_001], 4, -8, 8)]);
  });

  it('exp, tanh and sigmoid are right to two units in the last place, and at the extremes', async () => {
    const values = Float32Array.from({ length: 40_001 }, (_, i) => (i - 20_000) / 230);
    const special = [0, -0, 1e-30, 88.72, 88.73, -87.3, -88, Infinity, -Infinity, NaN, 1e4, -1e4];
    await tf.setBackend('simd');
    const x = [...values, ...special].map(Math.fround);
    tf.tidy(() => {
      const t = tf.tensor1d(x);
      const check = (name: string, y: tf.Tensor, f: (x: number) => number) =>
        y.dataSync().forEach((value, i) => {
          const exact = f(x[i]);
          const expected = Math.fround(exact);
          if (Object.is(expected, value) || expected === value) return;
          if (Math.abs(exact) < 1.2e-38) return expect(value).toBeLessThan(1.2e-38);
          const unit = 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);
          expect(Math.abs(value - exact) / unit, `${name}(${x[i]})`).toBeLessThan(2.5);
        });
      check('exp', t.exp(), Math.exp);
      check('tanh', t.tanh(), Math.tanh);
      check('sigmoid', t.sigmoid(), (v) => 1 / (1 + Math.exp(-v)));
    });
  });
});

describe('sums and means', () => {
  it('go over any axes', async () => {
    const property = fc.asyncProperty(
      shapes(1, 5, 7),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.boolean(),
      async (shape, chosen, keepDims) => {
        const axes = shape.map((_, i) => i).filter((i) => chosen[i]);
        // Mostly positive: sums of thousands that cancel have few digits left to compare.
        const x = tensor(shape, 5, -1, 3);
        await agree((x) => [x.sum(axes, keepDims), x.mean(axes, keepDims)], [x]);
      },
    );
    await fc.assert(property, runs);
  });

  it('and the largest value, over last axes and others', async () => {
    await fc.assert(
      fc.asyncProperty(shapes(1, 4, 9), fc.nat(3), fc.boolean(), async (shape, from, keepDims) => {
        const axes = shape.map((_, i) => i).filter((i) => i >= from % shape.length);
        await agree((x) => [x.max(axes, keepDims), x.max(0)], [tensor(shape, 6)], 0);
      }),
      runs,
    );
    await agree((x) => x.max(), [tensor([70_001], 8)], 0);
  });

  it('stay exact over many values', async () => {
    const one = (shape: number[]) => ({
      values: new Float32Array(tf.util.sizeFromShape(shape)).fill(1.25),
      shape,
    });
    await tf.setBackend('simd');
    tf.tidy(() => {
      const big = one([70_003, 5]);
      const x = tf.tensor(big.values, big.shape);
      expectClose(x.sum(0), Array(5).fill(87_503.75), 1e-6);
      expectClose(x.sum(), [437_518.75], 1e-6);
      expectClose(x.mean(1).slice(0, 3), [1.25, 1.25, 1.25], 0);
    });
  });
});

describe('moving values', () => {
  it('slice, split, concat, stack, unstack, pad, tile and transpose', async () => {
    const property = fc.asyncProperty(
      shapes(1, 5, 6),
      fc.nat(4),
      fc.nat(1000),
      async (shape, at, seed) => {
        const axis = at % shape.length;
        const random = new Random(seed);
        const begin = shape.map((n) => random.integer(n));
        const size = shape.map((n, i) => 1 + random.integer(n - begin[i]));
        const perm = [...random.permutation(shape.length)];
        const pads = shape.map((): [number, number] => [random.integer(3), random.integer(3)]);
        const reps = shape.map(() => 1 + random.integer(3));
        await agree(
          (x) => [
            x.slice(begin, size),
            ...(shape[axis] > 1 ? tf.split(x, [1, -1], axis) : []),
            ...(shape[axis] % 2 === 0 ? tf.split(x, 2, axis) : []),
            tf.concat([x, x.slice(Array(shape.length).fill(0), shape.with(axis, 1)), x], axis),
            tf.stack([x, x.neg()], axis),
            ...tf.unstack(x, axis),
            ...(shape.length < 5 ? [tf.pad(x, pads, 0.5)] : []),
            tf.tile(x, reps),
            tf.transpose(x, perm),
          ],
          [tensor(shape, seed)],
          0,
        );
      },
    );
    await fc.assert(property, runs);
  });

  it('fills', async () => {
    await agree(() => [tf.fill([3, 7], 2.5), tf.zeros([20_000]), tf.ones([5])], [], 0);
    await agree((x) => [tf.zerosLike(x), tf.onesLike(x)], [tensor([4, 5], 1)], 0);
  });

  it('transposes matrices of any size', async () => {
    for (const shape of [
      [1, 5],
      [64, 64],
      [67, 129],
      [3, 70, 33],
      [130, 2, 19],
    ]) {
      await agree((x) => x.transpose(), [tensor(shape, 7)], 0);
    }
  });
});
