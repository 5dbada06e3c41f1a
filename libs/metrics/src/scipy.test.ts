import { readFile } from 'node:fs/promises';
import { Random } from '@tgan/core';
import { describe, expect, it } from 'vitest';
import { frechetDistance } from './frechet-distance.js';
import { type CriticScores, generativeAdversarialMetric } from './gam.js';
import { InceptionSums } from './inception-score.js';
import { kernelDistance } from './kernel-distance.js';
import { Moments } from './moments.js';
import { neighborScores } from './neighbors.js';
import type { Rows } from './rows.js';
import { randomFeatures, randomProbabilities, rowOf } from './testing/features.js';

// Values of tools/check-metrics.py, which computes them by NumPy and SciPy.
const fixture = new URL('testing/scipy-scores.json', import.meta.url);
const scipy = JSON.parse(await readFile(fixture, 'utf8'));
const once = { replicates: 0, random: new Random(0) };

const x = randomFeatures(1, 300, 24, 0.25, 1.25);
const y = randomFeatures(2, 260, 24);
const fewX = randomFeatures(3, 60, 512);
const fewY = randomFeatures(4, 60, 512, 0.125);

function expectEqual(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1)).toBeLessThan(1e-6);
}

function gaussianOf(rows: Rows, blocks: number) {
  const moments = new Moments(rows.size, blocks);
  for (let i = 0; i < rows.count; i++) moments.add(rowOf(rows, i));
  return moments.gaussian();
}

describe('scores equal those of NumPy and SciPy to 1e-6', () => {
  it('Frechet distance, in one block and in twenty, either way round', () => {
    for (const blocks of [1, 20]) {
      const [a, b] = [gaussianOf(x, blocks), gaussianOf(y, blocks)];
      expectEqual(frechetDistance(a, b), scipy.frechet);
      expectEqual(frechetDistance(b, a), scipy.frechet);
    }
  });

  it('Frechet distance of 60 clips with 512 features', () => {
    const distance = frechetDistance(gaussianOf(fewX, 20), gaussianOf(fewY, 20));
    expectEqual(distance, scipy.frechetOfFew);
  });

  it('kernel distance', () => {
    expectEqual(kernelDistance(x, y, once).value, scipy.kernel);
    expectEqual(kernelDistance(fewX, fewY, once).value, scipy.kernelOfFew);
  });

  it.each([3, 5])('precision, recall, density and coverage with %i neighbors', (k) => {
    const scores = neighborScores(x, y, k, once);
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
      expectEqual(scores[name].value, scipy[`neighbors${k}`][name]);
    }
  });

  it('Inception score, exact, of the Temporal GAN, in 10 splits', () => {
    const p = randomProbabilities(5, 200, 10);
    const score = (splits: number, epsilon: number) => {
      const sums = new InceptionSums(10, epsilon, 20);
      for (let i = 0; i < p.count; i++) sums.add(rowOf(p, i));
      return sums.score(splits, once).value;
    };
    expectEqual(score(1, 0), scipy.inception);
    expectEqual(score(1, 1e-7), scipy.inceptionOfTemporalGan);
    expectEqual(score(10, 0), scipy.inceptionIn10Splits);
  });

  it('GAM', () => {
    const critic = (seed: number): CriticScores => {
      const { data } = randomFeatures(seed, 400, 4);
      const column = (c: number, shift: number) =>
        Float64Array.from({ length: 400 }, (_, i) => data[4 * i + c] + shift);
      return {
        ownReal: column(0, 0.5),
        ownGenerated: column(1, 0),
        testReal: column(2, 0.5),
        otherGenerated: column(3, 0),
      };
    };
    const { sampleRatio, testRatio } = generativeAdversarialMetric(critic(6), critic(7), once);
    expectEqual(sampleRatio!.value, scipy.gam.sampleRatio);
    expectEqual(testRatio!.value, scipy.gam.testRatio);
  });
});
