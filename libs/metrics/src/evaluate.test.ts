import * as tf from '@tensorflow/tfjs';
import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, type EvaluationProgress, sampleReference } from './evaluate.js';
import type { FeatureExtractor } from './extractor.js';
import { FeatureSample } from './feature-sample.js';
import { toyClips, toyExtractor } from './testing/toy-extractor.js';

const data = { name: 'toy', split: 'all' };
const extractor = toyExtractor(6, 3);
const options = { count: 120, replicates: 20 };

describe('evaluate', () => {
  it('gives real clips their floor, and clips that are off worse scores', async () => {
    await expectNoLeaks(async () => {
      const judge = (shift: number) =>
        evaluate({
          extractor,
          data,
          options,
          generated: toyClips(1, 120, 6, 32, shift),
          reference: toyClips(2, 240, 6, 50),
        });
      const [like, off] = [await judge(0), await judge(0.5)];
      expect(Object.keys(like.scores)).toEqual([
        'frechetDistance',
        'kernelDistance',
        'precision',
        'recall',
        'density',
        'coverage',
        'inceptionScore',
      ]);
      const inside = (value: number, interval: readonly [number, number] | null) =>
        interval![0] <= value && value <= interval![1];
      // Both are samples of the same distribution.
      for (const { value, interval, real } of Object.values(like.scores)) {
        expect(inside(value, interval)).toBe(true);
        expect(interval![1]).toBeGreaterThanOrEqual(real!.interval![0]);
        expect(real!.interval![1]).toBeGreaterThanOrEqual(interval![0]);
      }
      expect(inside(0, like.scores.kernelDistance.interval)).toBe(true);
      expect(inside(0, off.scores.kernelDistance.interval)).toBe(false);
      const { frechetDistance, coverage, density } = off.scores;
      expect(frechetDistance.interval![0]).toBeGreaterThan(frechetDistance.real!.interval![1]);
      expect(coverage.interval![1]).toBeLessThan(coverage.real!.interval![0]);
      expect(density.interval![1]).toBeLessThan(density.real!.interval![0]);
      expect(off.scores.frechetDistance.real).toEqual(like.scores.frechetDistance.real);
      expect(like.warnings).toEqual([]);
      expect(JSON.parse(JSON.stringify(like))).toEqual(like);
    });
  });

  it('gives identical clips 0, the kernel distance within its interval', async () => {
    const { scores } = await evaluate({
      extractor,
      data,
      options: { ...options, real: false },
      generated: toyClips(1, 120, 6, 32),
      reference: toyClips(1, 120, 6, 32),
    });
    expect(scores.frechetDistance.value).toBeLessThan(1e-9);
    const [low, high] = scores.kernelDistance.interval!;
    expect(low).toBeLessThanOrEqual(0);
    expect(high).toBeGreaterThanOrEqual(0);
    expect(scores.kernelDistance.value).toBeGreaterThanOrEqual(low);
    expect(scores.precision.value).toBe(1);
    expect(scores.recall.value).toBe(1);
    expect(scores.coverage.value).toBe(1);
    expect(scores.frechetDistance.real).toBeNull();
  });

  it('does not depend on how clips are batched, also when it keeps a part', async () => {
    const judge = (ofGenerated: number, ofReal: number) =>
      evaluate({
        extractor,
        data,
        options: { count: 50, referenceCount: 40, keep: 20, replicates: 3, splits: 5 },
        generated: toyClips(1, 60, 6, ofGenerated),
        reference: toyClips(2, 95, 6, ofReal),
      });
    const expected = await judge(1, 1);
    expect(expected.scores.kernelDistance.samples).toBe(20);
    expect(expected.scores.frechetDistance.samples).toBe(50);
    const sizes = fc.integer({ min: 1, max: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (ofGenerated, ofReal) => {
        expect(await judge(ofGenerated, ofReal)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  it('says that 60 clips of 512 features are too few, with finite scores', async () => {
    const wide = toyExtractor(512, 10);
    const { scores, warnings } = await evaluate({
      extractor: wide,
      data,
      options: { count: 60, replicates: 2 },
      generated: toyClips(1, 60, 512, 60),
      reference: toyClips(2, 120, 512, 60),
    });
    for (const { value, interval, real } of Object.values(scores)) {
      for (const number of [value, ...interval!, real!.value, ...real!.interval!]) {
        expect(Number.isFinite(number)).toBe(true);
      }
    }
    expect(warnings).toEqual([
      expect.stringMatching(/Frechet distance: 60 clips are too few for 512 features.*5120/),
      expect.stringMatching(/Inception score: 60 clips .*too few for 10 classes.* 100 clips/),
    ]);
  });

  it('reads a sample of real clips once for several evaluations', async () => {
    const context = { extractor, data, options };
    const reference = await sampleReference({ ...context, source: toyClips(2, 240, 6, 50) });
    const judge = (source: Parameters<typeof evaluate>[0]['reference']) =>
      evaluate({ ...context, generated: toyClips(1, 120, 6, 32), reference: source });
    const once = await judge(reference);
    expect(await judge(reference)).toEqual(once);
    expect(await judge(toyClips(2, 240, 6, 50))).toEqual(once);
    await expect(
      evaluate({
        ...context,
        options: { ...options, count: 100 },
        generated: toyClips(1, 120, 6, 32),
        reference,
      }),
    ).rejects.toThrow(/made with count 120, not 100/);
    await expect(
      evaluate({ ...context, extractor: toyExtractor(6), generated: [], reference }),
    ).rejects.toThrow(/another extractor/);
  });

  it('shows its progress, holds one batch at a time and stops when asked to', async () => {
    const seen: EvaluationProgress[] = [];
    const before = tf.memory().numTensors;
    let most = 0;
    const controller = new AbortController();
    function* endless(seed: number): Generator<tf.Tensor5D> {
      for (;;) yield* toyClips(seed++, 10, 6, 10);
    }
    const input = {
      extractor,
      data,
      options: { count: 25, replicates: 0 },
      onProgress(progress: EvaluationProgress) {
        seen.push(progress);
        most = Math.max(most, tf.memory().numTensors - before);
      },
      signal: controller.signal,
    };
    const run = () => evaluate({ ...input, generated: endless(1), reference: endless(100) });
    const { scores } = await run();
    expect(Object.values(scores).every(({ interval }) => interval === null)).toBe(true);
    expect(seen.filter(({ phase }) => phase === 'generated').map(({ done }) => done)).toEqual([
      10, 20, 25,
    ]);
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual([
      'reference',
      'real',
      'generated',
      'scores',
    ]);
    expect(seen.at(-1)).toEqual({ phase: 'scores', done: 7, total: 7 });
    expect(most).toBeLessThanOrEqual(2);
    controller.abort();
    await expect(run()).rejects.toThrow(/abort/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says in one line what is wrong, and leaks nothing', async () => {
    const odd = (found: Float32Array): FeatureExtractor => ({
      ...toyExtractor(6),
      extract: async () => ({ features: found }),
    });
    const cases: [Partial<Parameters<typeof evaluate>[0]>, RegExp][] = [
      [
        { generated: toyClips(1, 119, 6, 32) },
        /^too few generated clips: 120 are needed, there are 119$/,
      ],
      [{ reference: toyClips(1, 30, 6, 32) }, /^too few real clips: 120 are needed, there are 30$/],
      [{ options: { count: 5 } }, /^too few clips: 5 nearest neighbors need at least 6, got 5$/],
      [{ options: { count: 2.5 } }, /^evaluation: count: expected a whole number/],
      [{ options: { splits: 3 } }, /^evaluation: splits: a divisor of 20 is expected$/],
      [
        { generated: toyClips(1, 120, 7, 32) },
        /^generated clips are \[7, 2, 2, 1\], real clips \[6, 2, 2, 1\]$/,
      ],
      [
        { extractor: odd(new Float32Array(6 * 40).fill(NaN, 20)) },
        /^real clips: feature 2 of clip 3, found by toy, is NaN$/,
      ],
      [{ extractor: odd(new Float32Array(7)) }, /^toy gave 7 features of 40 clips, not 6 of each/],
    ];
    for (const [change, message] of cases) {
      await expectNoLeaks(async () => {
        const generated = toyClips(1, 120, 6, 32);
        const reference = toyClips(2, 240, 6, 40);
        await expect(
          evaluate({ extractor, data, options, generated, reference, ...change }),
        ).rejects.toThrow(message);
      });
    }
    await expectNoLeaks(async () => {
      const wrongRank = [tf.zeros([2, 3])] as unknown as tf.Tensor5D[];
      await expect(
        evaluate({ extractor, data, options, generated: [], reference: wrongRank }),
      ).rejects.toThrow(
        /^real clips: expected batches \[batch, time, height, width, channels\], got \[2,3\]$/,
      );
    });
  });

  it('goes without scores of real clips where there are no further ones, and says so', async () => {
    const { scores, warnings } = await evaluate({
      extractor,
      data,
      options,
      generated: toyClips(1, 120, 6, 32),
      reference: toyClips(2, 150, 6, 40),
    });
    expect(scores.coverage.real).toBeNull();
    expect(warnings).toEqual([
      'no scores of real clips: 120 further ones are needed, 90 were missing',
    ]);
  });

  it('keeps every clip with the same probability', () => {
    // The only feature is the clip's number: how often each of 40 is among the 10 that are kept.
    const counts = new Float64Array(40);
    for (let run = 0; run < 2000; run++) {
      const sample = newNumberedSample(run);
      for (const clip of sample.kept.data) counts[clip]++;
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(5 * Math.sqrt(375));
  });
});

function newNumberedSample(seed: number): FeatureSample {
  const sample = new FeatureSample(
    'clips',
    { name: 'numbers', featureSize: 1, classes: 0 },
    { keep: 10, epsilon: 0, random: new Random(seed) },
  );
  sample.add({ features: Float32Array.from({ length: 40 }, (_, i) => i) }, 40);
  return sample;
}
