import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { difference, expectClose, expectNoLeaks, inParts } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchNorm } from './batch-norm.js';
import { partsOf, type BatchShare } from './batch-share.js';
import { GaussianNoise } from './gaussian-noise.js';
import { normalizeBatch } from './normalize-batch.js';
import { shareBatch } from './share-batch.js';

const numbers = (seed: number, ...shape: number[]) =>
  tf.tensor(new Random(seed).uniform(tf.util.sizeFromShape(shape), -1, 1), shape);
const copy = (tensor: tf.Tensor) => Float32Array.from(tensor.dataSync());
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** The shares of processes that have so many samples each. */
const sharesOf = (counts: readonly number[]): BatchShare[] =>
  counts.map((count, i) => ({ start: sumOf(counts.slice(0, i)), count, total: sumOf(counts) }));

/** Concatenated, and added up. */
const joined = (parts: readonly Float32Array[]) => parts.flatMap((values) => [...values]);
const added = (parts: readonly Float32Array[]) =>
  [...parts[0]].map((_, i) => sumOf(parts.map((values) => values[i])));

describe('partsOf', () => {
  it('is the part of a batch whose statistics are taken, turned around', () => {
    expect(partsOf(undefined)).toBe(1);
    const share = { start: 2, count: 2, total: 6 };
    expect(partsOf(share)).toBe(1);
    expect(partsOf({ ...share, sum: () => {} })).toBe(3);
  });
});

/** With the operations of tfjs, and with the kernels of a backend. */
describe.each(['cpu', 'simd'])('a batch that several processes share, on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'simd') await registerSimdBackend({ threads: 1 });
    await tf.setBackend(backend);
  });
  afterAll(async () => {
    await tf.setBackend('cpu');
    if (backend === 'simd') tf.removeBackend('simd');
  });

  const cases = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 3 }),
    // Each sample has several rows.
    rows: fc.constantFrom(1, 6),
    channels: fc.integer({ min: 1, max: 5 }),
    offset: fc.constantFrom(0, 10),
    alpha: fc.constantFrom(0, 0.2, 1),
    seed: fc.nat(1000),
  });

  it('is normalized, and has the gradients, as in one process', async () => {
    await expectNoLeaks(() => {
      fc.assert(
        fc.property(cases, ({ counts, rows, channels, offset, alpha, seed }) => {
          const shape = [sumOf(counts), rows, channels];
          const x = tf.tidy(() => numbers(seed, ...shape).add(offset));
          const random = numbers(seed + 1, ...shape);
          const ofChannels = (seed: number) => numbers(seed, channels).add(1.5) as tf.Tensor1D;
          /** y, mean, variance and the three gradients for some samples. */
          const pass = (dy: tf.Tensor, { start, count }: BatchShare, share?: BatchShare) =>
            tf.tidy(() => {
              const inputs = [x.slice(start, count), ofChannels(seed + 2), ofChannels(seed + 3)];
              let statistics!: Float32Array[];
              const f = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
                const given = [x, gamma as tf.Tensor1D, beta as tf.Tensor1D] as const;
                const { y, mean, variance } = normalizeBatch(...given, 1e-3, alpha, share);
                statistics = [y, mean, variance].map(copy);
                tf.dispose([mean, variance]);
                return y;
              };
              const grads = tf.grads(f)(inputs, dy.slice(start, count));
              return [...statistics, ...grads.map(copy)];
            });
          const [whole] = sharesOf([sumOf(counts)]);
          // Rounding may turn the sign of what is all but 0, and with it the slope.
          const [y] = pass(random, whole);
          const dy = tf.tidy(() => random.mul(tf.tensor(y, shape).abs().greater(1e-3)));
          const expected = pass(dy, whole);
          const parts = inParts(counts.length, (part, sum) => {
            const share = sharesOf(counts)[part];
            return pass(dy, share, { ...share, sum });
          });
          const each = (i: number) => parts.map((part) => part[i]);
          // Where terms cancel, errors are relative to numbers of their size.
          const close = (i: number, actual: number[], size: number, name: string) =>
            expectClose([...actual, size], [...expected[i], size], 1e-5 * (1 + offset), name);
          close(0, joined(each(0)), 1, 'y');
          for (const part of parts) {
            close(1, [...part[1]], 1, 'mean');
            close(2, [...part[2]], 1, 'variance');
          }
          const steepest = 10 / Math.sqrt(Math.min(...expected[2]) + 1e-3);
          close(3, joined(each(3)), steepest, 'dx');
          close(4, added(each(4)), sumOf(counts) * rows, 'dgamma');
          close(5, added(each(5)), sumOf(counts) * rows, 'dbeta');
          tf.dispose([x, random, dy]);
        }),
        { numRuns: 30 },
      );
    });
  });

  it('has the running statistics of one process, with a single sample each too', () => {
    const layer = () => new BatchNorm({ decay: 0.5 });
    const statisticsAfter = (norm: BatchNorm, x: tf.Tensor) => {
      tf.tidy(() => void norm.apply(x, { training: true }));
      const values = [norm.movingMean.read(), norm.movingVariance.read()].map(copy);
      norm.dispose();
      return values;
    };
    tf.tidy(() => {
      const x = numbers(7, 3, 2);
      const expected = statisticsAfter(layer(), x);
      const parts = inParts(3, (part, sum) => {
        const norm = layer();
        norm.share = { start: part, count: 1, total: 3, sum };
        return statisticsAfter(norm, x.slice(part, 1));
      });
      for (const part of parts) part.forEach((values, i) => expectClose(values, expected[i], 1e-6));
    });
  });

  it('has local statistics without a sum', () => {
    tf.tidy(() => {
      const x = numbers(8, 4, 2);
      const own = x.slice(2, 2) as tf.Tensor2D;
      const gamma = tf.ones([2]) as tf.Tensor1D;
      const share = { start: 2, count: 2, total: 4 };
      const [local, alone] = [share, undefined].map((share) => {
        const { y, mean, variance } = normalizeBatch(own, gamma, null, 1e-3, 1, share);
        tf.dispose([mean, variance]);
        return y;
      });
      expectClose(local, alone, 0);
    });
  });

  it('has no second derivatives, and says what to do', () => {
    tf.tidy(() => {
      const share = { start: 0, count: 4, total: 4, sum: () => {} };
      const score = (x: tf.Tensor) => {
        const gamma = tf.ones([2]) as tf.Tensor1D;
        const { y, mean, variance } = normalizeBatch(x, gamma, null, 1e-3, 1, share);
        tf.dispose([mean, variance]);
        return y.square().sum();
      };
      const penalty = (x: tf.Tensor) => tf.grad(score)(x).square().sum();
      expect(() => tf.grad(penalty)(numbers(9, 4, 2))).toThrow(
        /no second derivative: take local statistics, --sync-batch-norm false/,
      );
    });
  });
});

describe('shareBatch', () => {
  const network = () =>
    tf.sequential({
      layers: [
        tf.layers.reshape({ inputShape: [6], targetShape: [3, 2] }),
        new GaussianNoise({ stddev: 0.3, seed: 5 }),
        new BatchNorm(),
      ],
    });
  const pass = (model: tf.LayersModel, x: tf.Tensor) =>
    tf.tidy(() => copy(model.apply(x, { training: true }) as tf.Tensor));

  it('makes parts of a batch come out of noise and batch norm as the whole does', () => {
    const x = numbers(10, 5, 6);
    const whole = network();
    const expected = [pass(whole, x), pass(whole, x)];
    expect(difference(expected[1], expected[0]).relative).toBeGreaterThan(0.1);
    const shares = sharesOf([2, 3]);
    const parts = inParts(2, (part, sum) => {
      const model = network();
      const { start, count } = shares[part];
      shareBatch(model, { ...shares[part], sum });
      const passes = tf.tidy(() => {
        const own = x.slice(start, count);
        return [pass(model, own), pass(model, own)];
      });
      model.dispose();
      return passes;
    });
    expected.forEach((values, i) => {
      expectClose(joined(parts.map((passes) => passes[i])), values, 1e-5);
    });
    whole.dispose();
    x.dispose();
  });

  it('ends with undefined: batches are whole again', () => {
    const [model, other] = [network(), network()];
    shareBatch(model, { start: 0, count: 1, total: 2, sum: () => {} });
    shareBatch(model, undefined);
    const x = numbers(11, 3, 6);
    expect(pass(model, x)).toEqual(pass(other, x));
    tf.dispose(x);
    model.dispose();
    other.dispose();
  });
});
