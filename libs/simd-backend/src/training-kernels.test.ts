import { Random } from '@tgan/core';
import { expectClose, inParts } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { registerSimdBackend } from './register.js';

beforeAll(async () => {
  await registerSimdBackend({ threads: 2 });
  await tf.setBackend('simd');
});

const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: object) =>
  tf.engine().runKernel(name, inputs, attrs as never) as unknown as tf.Tensor[];

const epsilon = 1e-3;
const cases = fc.record({
  rows: fc.oneof(fc.integer({ min: 2, max: 40 }), fc.constantFrom(257, 3000)),
  channels: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(64, 100)),
  offset: fc.constantFrom(0, 30),
  slope: fc.constantFrom(0, 0.2, 1),
  seed: fc.nat(1e6),
});

describe('BatchNormTraining', () => {
  it('and its gradient follow the definition in double precision', () => {
    fc.assert(
      fc.property(cases, ({ rows, channels, offset, slope, seed }) => {
        const random = new Random(seed);
        const x = random.uniform(rows * channels, offset - 1, offset + 1);
        const dy = random.uniform(rows * channels, -1, 1);
        const gamma = random.uniform(channels, 0.5, 2);
        const beta = random.uniform(channels, -1, 1);
        const mean = new Float64Array(channels);
        const variance = new Float64Array(channels);
        x.forEach((v, i) => (mean[i % channels] += v / rows));
        x.forEach((v, i) => (variance[i % channels] += (v - mean[i % channels]) ** 2 / rows));
        const xHat = Float64Array.from(x, (v, i) => {
          const c = i % channels;
          return (v - mean[c]) / Math.sqrt(variance[c] + epsilon);
        });
        const z = xHat.map((v, i) => v * gamma[i % channels] + beta[i % channels]);
        const y = z.map((v) => (v < 0 ? slope * v : v));
        tf.tidy(() => {
          const tx = tf.tensor(x, [rows, 1, channels]);
          const [tg, tb] = [tf.tensor1d(gamma), tf.tensor1d(beta)];
          const attrs = { epsilon, leakyReluAlpha: slope };
          const results = kernel('BatchNormTraining', { x: tx, gamma: tg, beta: tb }, attrs);
          expectClose(results[0], y, 1e-5 * (1 + offset), 'y');
          // A mean near zero is as exact as the values that it averages.
          const shifted = mean.map((v) => v + 1);
          expectClose(results[1].add(1), shifted, 1e-6, 'mean');
          expectClose(results[2], variance, 1e-5, 'variance');

          // The sign of y decides the slope, so the definition takes it from there.
          const sign = results[0].dataSync();
          const dz = Float64Array.from(dy, (v, i) => (sign[i] > 0 ? v : slope * v));
          const [dBeta, dGamma] = [new Float64Array(channels), new Float64Array(channels)];
          dz.forEach((v, i) => {
            dBeta[i % channels] += v;
            dGamma[i % channels] += v * xHat[i];
          });
          const dx = dz.map((v, i) => {
            const c = i % channels;
            const inner = v - dBeta[c] / rows - (xHat[i] * dGamma[c]) / rows;
            return (gamma[c] / Math.sqrt(variance[c] + epsilon)) * inner;
          });
          const inputs = {
            ...{ x: tx, y: results[0], dy: tf.tensor(dy, tx.shape), gamma: tg },
            ...{ mean: results[1], variance: results[2] },
          };
          const gradients = kernel('BatchNormTrainingGrad', inputs, attrs);
          // Its terms cancel, all of them when there are two rows: the error is relative to the
          // terms.
          const terms = dz.map((v, i) => {
            const c = i % channels;
            return Math.abs((gamma[c] / Math.sqrt(variance[c] + epsilon)) * v);
          });
          const term = terms.reduce((a, b) => Math.max(a, b));
          const actual = [...gradients[0].dataSync(), term];
          expectClose(actual, [...dx, term], 2e-5 * (1 + offset), 'dx');
          // A sum of terms of either sign is as exact as the sum of their sizes.
          const size = dz.reduce((sum, v) => sum + Math.abs(v), 0) / channels;
          const close = (sums: tf.Tensor, expected: Float64Array, name: string) =>
            expectClose([...sums.dataSync(), size], [...expected, size], 1e-5 * (1 + offset), name);
          close(gradients[1], dGamma, 'dgamma');
          close(gradients[2], dBeta, 'dbeta');
        });
      }),
      { numRuns: 80 },
    );
  });

  it('has the statistics of a whole batch whose parts several processes have', () => {
    const rows = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(130));
    const parts = fc.integer({ min: 2, max: 3 });
    fc.assert(
      fc.property(cases, rows, parts, ({ channels, offset, slope, seed }, rows, parts) => {
        const random = new Random(seed);
        const size = rows * channels;
        const x = random.uniform(parts * size, offset - 1, offset + 1);
        const dy = random.uniform(parts * size, -1, 1);
        const [gamma, beta] = [random.uniform(channels, 0.5, 2), random.uniform(channels, -1, 1)];

        /** What both kernels make of some rows. */
        const both = (from: number, to: number, shared: object) =>
          tf.tidy(() => {
            const [tx, tdy] = [x, dy].map((values) =>
              tf.tensor(values.subarray(from, to), [(to - from) / channels, channels]),
            );
            const attrs = { epsilon, leakyReluAlpha: slope, ...shared };
            const inputs = { x: tx, gamma: tf.tensor1d(gamma) };
            const beta1d = tf.tensor1d(beta);
            const [y, mean, variance] = kernel(
              'BatchNormTraining',
              { ...inputs, beta: beta1d },
              attrs,
            );
            const passed = { ...inputs, y, dy: tdy, mean, variance };
            const gradients = kernel('BatchNormTrainingGrad', passed, attrs);
            return [y, mean, variance, ...gradients].map((tensor) =>
              Float32Array.from(tensor.dataSync()),
            );
          });
        // Rounding may turn the sign of what is all but 0, and with it the slope.
        both(0, x.length, {})[0].forEach((y, i) => (dy[i] = Math.abs(y) < 1e-3 ? 0 : dy[i]));
        const whole = both(0, x.length, {});
        const each = inParts(parts, (part, sum) =>
          both(part * size, (part + 1) * size, { sum, parts }),
        );
        const joined = (i: number) => each.flatMap((results) => [...results[i]]);
        const added = (i: number) =>
          [...each[0][i]].map((_, c) => each.reduce((all, results) => all + results[i][c], 0));
        const tolerance = 1e-5 * (1 + offset);
        // Terms cancel: errors are relative to numbers of their size.
        const close = (i: number, actual: Iterable<number>, size: number, name: string) =>
          expectClose([...actual, size], [...whole[i], size], tolerance, name);
        close(0, joined(0), 1, 'y');
        for (const results of each) {
          close(1, results[1], 1, 'mean');
          close(2, results[2], 1, 'variance');
        }
        const steepest = Math.max(...gamma) / Math.sqrt(Math.min(...whole[2]) + epsilon);
        close(3, joined(3), 10 * steepest, 'dx');
        close(4, added(4), 10 * parts * rows, 'dgamma');
        close(5, added(5), 10 * parts * rows, 'dbeta');
      }),
      { numRuns: 30 },
    );
  });

  it('has no shift without beta', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 3], [2, 1]);
      const [y] = kernel('BatchNormTraining', { x, gamma: tf.tensor1d([2]) }, { epsilon: 0 });
      expectClose(y, [-2, 2], 1e-6);
    });
  });
});

describe('RmsProp', () => {
  it('moves variables as its formula says, at any size', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 3, 4, 7, 16_384, 16_389, 50_001), fc.nat(1e6), (n, seed) => {
        const random = new Random(seed);
        const [w, g] = [random.uniform(n, -1, 1), random.uniform(n, -1, 1)];
        const s = random.uniform(n, 0, 1);
        const [rate, decay, epsilon] = [-0.01, 0.9, 1e-3];
        const square = Float64Array.from(s, (v, i) => decay * v + (1 - decay) * g[i] ** 2);
        const moved = square.map((v, i) => w[i] + (rate * g[i]) / (Math.sqrt(v) + epsilon));
        tf.tidy(() => {
          const [variable, meanSquare, gradient] = [w, s, g].map((v) => tf.tensor1d(v));
          const inputs = { variable, meanSquare, gradient };
          const results = kernel('RmsProp', inputs, { rate, decay, epsilon });
          expectClose(results[0], moved, 1e-6);
          expectClose(results[1], square, 1e-6);
          expectClose(variable, w, 0);
        });
      }),
      { numRuns: 30 },
    );
  });
});
