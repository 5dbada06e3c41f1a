import { Random } from '@tgan/core';
import { describe, expect, it } from 'vitest';
import { estimate, standardDeviation } from './bootstrap.js';
import { FeatureSample } from './feature-sample.js';
import { scoreFamilies } from './scores.js';
import { randomFeatures } from './testing/features.js';

/** Clips of random features; the first few are the logits of classes. */
function sample(seed: number, count: number, size: number, shift: number): FeatureSample {
  const classes = 3;
  const extractor = { name: 'random', featureSize: size, classes };
  const { data } = randomFeatures(seed, count, size, shift);
  const probabilities = new Float32Array(count * classes);
  for (let i = 0; i < count; i++) {
    const powers = [0, 1, 2].map((c) => Math.exp(data[i * size + c]));
    const sum = powers[0] + powers[1] + powers[2];
    powers.forEach((power, c) => (probabilities[i * classes + c] = power / sum));
  }
  const random = new Random(seed);
  const result = new FeatureSample('clips', extractor, { keep: 1000, epsilon: 0, random });
  result.add({ features: Float32Array.from(data), probabilities }, count);
  return result;
}

describe('bootstrap intervals', () => {
  it.each([
    ['the same', 0],
    ['apart', 0.75],
  ])(
    'are about as wide as scores scatter over new clips, when the distributions are %s',
    (_, shift) => {
      const trials = 60;
      const values: Record<string, number[]> = {};
      const errors: Record<string, number[]> = {};
      for (let trial = 0; trial < trials; trial++) {
        const generated = sample(1000 + 2 * trial, 160, 4, shift);
        const reference = sample(1001 + 2 * trial, 160, 4, 0);
        const random = new Random(trial);
        const settings = { neighbors: 3, splits: 1, replicates: 30, random };
        for (const family of scoreFamilies) {
          const found = family.compute(generated, reference, settings);
          for (const [name, { value, interval }] of Object.entries(found)) {
            (values[name] ??= []).push(value);
            // The half that is not cut to the score's range.
            const half = Math.max(interval![1] - value, value - interval![0]);
            (errors[name] ??= []).push(half / 1.96);
          }
        }
      }
      for (const [name, list] of Object.entries(values)) {
        const mean = errors[name].reduce((sum, error) => sum + error, 0) / trials;
        const ratio = mean / standardDeviation(list);
        expect(ratio, name).toBeGreaterThan(0.7);
        expect(ratio, name).toBeLessThan(2);
      }
    },
  );

  it('lie within the range, and are null without replicates', () => {
    const options = (replicates: number) => ({ replicates, random: new Random(1) });
    const uniform = (random: Random) => random.number();
    const { value, interval } = estimate(0.25, uniform, options(400), [0, 1]);
    expect(value).toBe(0.25);
    expect(interval![0]).toBe(0);
    // A uniform number has the variance 1/12.
    expect(interval![1]).toBeCloseTo(0.25 + 1.96 / Math.sqrt(12), 1);
    expect(estimate(0.25, uniform, options(0), [0, 1]).interval).toBeNull();
  });
});
