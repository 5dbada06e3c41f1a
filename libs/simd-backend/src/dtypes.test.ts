import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerSimdBackend } from './register.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
});

type Result = { dtype: string; shape: number[]; values: number[] } | string;

/**
 * What `f` returns on a backend. Reads each tensor twice: nothing that ran between may have changed
 * it.
 */
async function on(backend: string, f: () => (tf.Tensor | string)[]): Promise<Result[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = f();
    const read = () =>
      tensors.map((t) => {
        if (typeof t === 'string') return t;
        // Both zeros are 0.
        return { dtype: t.dtype, shape: t.shape, values: [...t.dataSync()].map((v) => v + 0) };
      });
    const results = read();
    tensors.forEach((t) => typeof t !== 'string' && t.toFloat().add(1));
    expect(read()).toEqual(results);
    return results;
  });
}

const valuesOf = async (f: () => tf.Tensor[]) =>
  (await on('simd', f)).map((result) => (result as Exclude<Result, string>).values);

describe('tensors of several dtypes that share one storage', () => {
  it('compute with the numbers that they hold', async () => {
    const x = () => tf.tensor1d([1, -2, 3, -4]);
    const mask = () => tf.tensor1d([1, 0, 1, 0], 'bool');
    const [products, halves, whole, sums] = await valuesOf(() => [
      x().greater(0).toInt().mul(x()),
      mask().toInt().div(2),
      mask().toInt().floorDiv(tf.scalar(1, 'int32')),
      mask()
        .toFloat()
        .reshape([2, 2])
        .matMul(mask().toInt().reshape([2, 2]).toFloat())
        .flatten(),
    ]);
    expect(products).toEqual([1, 0, 3, 0]);
    expect(halves).toEqual([0.5, 0, 0.5, 0]);
    expect(whole).toEqual([1, 0, 1, 0]);
    expect(sums).toEqual([1, 0, 1, 0]);
  });

  it('leave integers that no float32 is equal to as they are', async () => {
    const ids = [16_777_217, -16_777_219, 2_147_483_647];
    const results = await valuesOf(() => {
      const t = tf.tensor1d(ids, 'int32');
      const half = t.mul(0.5);
      return [half, t, t.toFloat().toInt(), t.toFloat().sub(16_777_216).slice(0, 1)];
    });
    expect(results).toEqual([ids.map((id) => Math.fround(id / 2)), ids, ids, [1]]);
  });

  it('keep a mask a mask after it was computed with', async () => {
    const [kept, again] = await valuesOf(() => {
      const x = tf.tensor1d([1, -2, 3, -4]);
      const positive = x.greater(0);
      x.mul(positive.toFloat());
      positive.toInt().add(0.5);
      return [positive, tf.where(positive, x, tf.zerosLike(x))];
    });
    expect(kept).toEqual([1, 0, 1, 0]);
    expect(again).toEqual([1, 0, 3, 0]);
  });

  it('have no fast kernel for training, which says so', async () => {
    await tf.setBackend('simd');
    tf.tidy(() => {
      const variable = tf.tensor1d([1, 2], 'int32');
      const inputs = { variable, meanSquare: tf.ones([2]), gradient: tf.ones([3]) };
      expect(() =>
        tf.engine().runKernel('RmsProp', inputs, { rate: 1, decay: 0.9, epsilon: 1 }),
      ).toThrow(
        'RmsProp takes float32 tensors of matching shapes, not int32 [2], float32 [2], float32 [3]',
      );
    });
  });
});

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

// Each gives the shape [2, 3] again, and rounds at most once, so that every backend finds the same
// bits.
const small: Unary = (x) => x.clipByValue(-64, 64);
const unary: Record<string, Unary> = {
  toInt: (x) => x.toInt(),
  toFloat: (x) => x.toFloat(),
  toBool: (x) => x.toBool(),
  neg: (x) => x.neg(),
  abs: (x) => x.abs(),
  relu: (x) => x.relu(),
  step: (x) => x.step(),
  clip: small,
  half: (x) => x.mul(0.5),
  integers: (x) => x.mul(tf.scalar(3, 'int32')),
  greaterThanOne: (x) => x.greater(1),
  shift: (x) => x.add(tf.tensor1d([0.5, 1, -2])),
  turn: (x) => x.transpose().reshape([2, 3]),
  grow: (x) => x.tile([2, 1]).slice([1, 0], [2, 3]),
  pad: (x) => x.pad([[1, 0], [0, 1]]).slice([0, 1], [2, 3]), // prettier-ignore
  sum: (x) => small(x).sum(0, true).tile([2, 1]),
  mean: (x) => small(x).toInt().mean(0, true).mul(2).tile([2, 1]),
  max: (x) => x.max(1, true).tile([1, 3]),
  zeros: (x) => tf.zerosLike(x),
  clone: (x) => x.clone(),
};
const binary: Record<string, Binary> = {
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  maximum: (x, y) => x.maximum(y),
  minimum: (x, y) => x.minimum(y),
  greater: (x, y) => x.greater(y),
  equal: (x, y) => x.equal(y),
  where: (x, y) => tf.where(x.toBool(), x, y),
  concat: (x, y) => tf.concat([x, y], 1).slice([0, 2], [2, 3]),
  stack: (x, y) => tf.stack([x, y], 2).reshape([4, 3]).slice([1, 0], [2, 3]),
  addN: (x, y) => tf.addN([x, y, x]),
  matMul: (x, y) => small(x).toInt().matMul(small(y).toInt().transpose()).tile([1, 2]).slice(0, 2).slice([0, 0], [2, 3]), // prettier-ignore
};

describe('programs over float32, int32 and bool', () => {
  const step = fc.record({
    name: fc.constantFrom(...Object.keys(unary), ...Object.keys(binary)),
    x: fc.nat(),
    y: fc.nat(),
  });
  const number = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.constantFrom(0.5, -1.5, 16_777_217, -16_777_219),
  );
  const numbers = fc.array(number, { minLength: 6, maxLength: 6 });

  it('compute what they compute on cpu, to the bit, and refuse what it refuses', async () => {
    const property = fc.asyncProperty(
      numbers,
      numbers,
      fc.array(step, { minLength: 1, maxLength: 14 }),
      async (floats, integers, steps) => {
        const program = () => {
          const tensors: tf.Tensor[] = [
            tf.tensor(floats, [2, 3], 'float32'),
            tf.tensor(integers, [2, 3], 'int32'),
            tf.tensor(integers.map(Math.sign).map(Math.abs), [2, 3], 'bool'),
          ];
          const refusals: string[] = [];
          for (const { name, x, y } of steps) {
            const [a, b] = [x, y].map((i) => tensors[i % tensors.length]);
            try {
              tensors.push(name in unary ? unary[name](a) : binary[name](a, b));
            } catch (error) {
              refusals.push(`${name}: ${(error as Error).message}`);
            }
          }
          return [...tensors, ...refusals];
        };
        expect(await on('simd', program)).toEqual(await on('cpu', program));
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});
