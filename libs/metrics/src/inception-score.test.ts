import { Random } from '@tgan/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InceptionSums } from './inception-score.js';
import { randomProbabilities, rowOf } from './testing/features.js';

const options = { replicates: 10, random: new Random(1) };

describe('the Inception score', () => {
  it('of one-hot predictions that are uniform over K classes is K', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), (k, times) => {
        const sums = new InceptionSums(k, 0);
        for (let i = 0; i < k * times; i++) {
          const oneHot = new Float32Array(k);
          oneHot[i % k] = 1;
          sums.add(oneHot);
        }
        expect(sums.score(1, options).value).toBeCloseTo(k, 9);
      }),
    );
  });

  it('is 1 where all clips are alike, and lies between 1 and K', () => {
    const alike = new InceptionSums(3, 0);
    for (let i = 0; i < 5; i++) alike.add([0.5, 0.25, 0.25]);
    expect(alike.score(1, options).value).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1, 2, 5), (seed, splits) => {
        const p = randomProbabilities(seed, 40, 7);
        const sums = new InceptionSums(7, 0, 20);
        for (let i = 0; i < p.count; i++) sums.add(rowOf(p, i));
        const { value, interval } = sums.score(splits, options);
        expect(value).toBeGreaterThanOrEqual(1);
        expect(value).toBeLessThanOrEqual(7);
        expect(interval![0]).toBeGreaterThanOrEqual(1);
        expect(interval![1]).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('refuses what are no probabilities, by name', () => {
    const sums = new InceptionSums(2, 0);
    sums.add([0.5, 0.5]);
    expect(() => sums.add([NaN, 1])).toThrow(/^clip 1: the probability of class 0 is NaN$/);
    expect(() => sums.add([1.5, -0.5])).toThrow(/^clip 1: the probability of class 1 is -0.5$/);
    expect(() => sums.add([3, 4])).toThrow(/sum to 7, not 1: is a softmax missing\?$/);
    expect(() => sums.add([1])).toThrow(/^expected 2 probabilities of a clip, got 1$/);
    expect(() => new InceptionSums(2, 0, 20).score(3, options)).toThrow(/a divisor of the 20/);
    expect(() => new InceptionSums(2, 0, 20).score(2, options)).toThrow(/too few clips for 2/);
    expect(sums.count).toBe(1);
  });
});
