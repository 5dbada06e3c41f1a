import { Random } from '@tgan/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frechetDistance } from './frechet-distance.js';
import { kernelDistance } from './kernel-distance.js';
import { type Gaussian, Moments } from './moments.js';
import { neighborScores } from './neighbors.js';
import { randomFeatures, rowOf } from './testing/features.js';

function gaussianOf(seed: number, count: number, size: number, shift = 0, scale = 1): Gaussian {
  const rows = randomFeatures(seed, count, size, shift, scale);
  const moments = new Moments(size, 4);
  for (let i = 0; i < count; i++) moments.add(rowOf(rows, i));
  return moments.gaussian();
}

const seed = fc.integer({ min: 0, max: 2 ** 30 });
const size = fc.integer({ min: 1, max: 12 });
const count = fc.integer({ min: 2, max: 40 });

describe('moments', () => {
  it('keep their digits where the mean is a million times the deviation', () => {
    const [near, far] = [gaussianOf(1, 50, 3), gaussianOf(1, 50, 3, 2 ** 20)];
    far.covariance.forEach((value, i) => expect(value).toBeCloseTo(near.covariance[i], 9));
    far.mean.forEach((value, i) => expect(value - 2 ** 20).toBeCloseTo(near.mean[i], 9));
  });

  it('weigh blocks as if their clips had come so often', () => {
    const rows = randomFeatures(3, 12, 2);
    const [all, repeated] = [new Moments(2, 3), new Moments(2, 1)];
    for (let i = 0; i < 12; i++) all.add(rowOf(rows, i));
    const weights = Float64Array.of(2, 0, 1);
    for (let i = 0; i < 12; i++) {
      for (let n = 0; n < weights[i % 3]; n++) repeated.add(rowOf(rows, i));
    }
    const [a, b] = [all.gaussian(weights), repeated.gaussian()];
    a.covariance.forEach((value, i) => expect(value).toBeCloseTo(b.covariance[i], 12));
    a.mean.forEach((value, i) => expect(value).toBeCloseTo(b.mean[i], 12));
  });

  it('need two clips of the right size', () => {
    const moments = new Moments(2);
    expect(() => moments.add([1])).toThrow(/expected 2 features of a clip, got 1/);
    moments.add([1, 2]);
    expect(() => moments.gaussian()).toThrow(/at least 2 clips, got 1/);
  });
});

describe('the Frechet distance', () => {
  it('of a set and itself is 0, also with fewer clips than features', () => {
    fc.assert(
      fc.property(seed, count, size, (s, n, d) => {
        const a = gaussianOf(s, n, d, 1, 4);
        const trace = a.covariance.reduce((sum, x, i) => (i % (d + 1) ? sum : sum + x), 0);
        expect(frechetDistance(a, a)).toBeLessThan(1e-6 * trace);
      }),
    );
  });

  it('is symmetric, and grows by the square of a shift', () => {
    fc.assert(
      fc.property(seed, seed, size, (s, t, d) => {
        const [a, b, moved] = [gaussianOf(s, 30, d), gaussianOf(t, 20, d), gaussianOf(s, 30, d, 2)];
        const [there, back] = [frechetDistance(a, b), frechetDistance(b, a)];
        expect(Math.abs(there - back)).toBeLessThan(1e-6 * (1 + there));
        expect(frechetDistance(a, moved)).toBeCloseTo(4 * d, 5);
      }),
    );
  });

  it('refuses features of other sizes', () => {
    expect(() => frechetDistance(gaussianOf(1, 5, 2), gaussianOf(1, 5, 3))).toThrow(
      /2 features against 3/,
    );
  });
});

describe('kernel distance and nearest neighbors', () => {
  const once = { replicates: 0, random: new Random(0) };

  it('say which set is too small or of another size', () => {
    const [x, one, wide] = [
      randomFeatures(1, 9, 3),
      randomFeatures(2, 1, 3),
      randomFeatures(3, 9, 4),
    ];
    expect(() => kernelDistance(one, x, once)).toThrow(
      /^kernel distance: too few generated clips: it needs at least 2, got 1$/,
    );
    expect(() => kernelDistance(x, wide, once)).toThrow(/have 3 features, reference clips have 4$/);
    expect(() => neighborScores(x, one, 1, once)).toThrow(/too few reference clips/);
    expect(() => neighborScores(x, x, 0, once)).toThrow(/^neighbors: expected a whole number >= 1/);
    expect(() => neighborScores(x, x, 9, once)).toThrow(/at least 10, got 9$/);
  });

  it('of constant features are 0 and 1', () => {
    const same = { count: 8, size: 3, data: new Float32Array(24).fill(0.3) };
    expect(Math.abs(kernelDistance(same, same, once).value)).toBeLessThan(1e-12);
    const { precision, recall, coverage } = neighborScores(same, same, 3, once);
    expect([precision.value, recall.value, coverage.value]).toEqual([1, 1, 1]);
  });
});
