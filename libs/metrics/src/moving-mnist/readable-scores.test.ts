import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparisonTable } from '../index.js';
import { loadMovingMnistExtractor, loadMovingMnistReader } from '../node/index.js';
import { movingClips, toTensor } from '../testing/moving-clips.js';
import { enlargeDigits } from './digit-size.js';
import { readableScores } from './readable-scores.js';
import { readClips, type ClipReading } from './read-clips.js';
import type { MovingMnistReader } from './reader.js';

let reader: MovingMnistReader;
let clips: tf.Tensor5D;
let readings: ClipReading[];
beforeAll(async () => {
  await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
  ({ reader } = await loadMovingMnistReader());
  clips = toTensor(await movingClips({ imageSize: 64, digits: 1, count: 12, seed: 1 }));
  readings = await readClips(reader, clips);
}, 60_000);
afterAll(() => {
  reader.dispose();
  clips.dispose();
});

const options = () => ({ replicates: 30, random: new Random(1) });

describe('readableScores', () => {
  it('puts generated clips beside real ones, with intervals', () => {
    const scores = readableScores(readings, readings, options());
    expect(scores['legibility']).toMatchObject({ better: 'higher', samples: 12 });
    for (const { value, interval, real } of Object.values(scores)) {
      expect(real!.value).toBe(value);
      expect(interval![0]).toBeLessThanOrEqual(value);
      expect(interval![1]).toBeGreaterThanOrEqual(value);
    }
    const [low, high] = scores['displacement'].interval!;
    expect(high).toBeGreaterThan(low);
  });

  it('leaves out what cannot be read, and has no intervals where none are asked for', async () => {
    const noise = tf.randomUniform<tf.Rank.R5>([4, 8, 32, 32, 1], -1, 1, 'float32', 3);
    const unread = await readClips(reader, noise);
    noise.dispose();
    const scores = readableScores(unread, readings, { replicates: 0, random: new Random(1) });
    expect(scores['legibility'].value).toBeLessThan(0.2);
    expect(scores['legibility'].interval).toBeNull();
    expect(scores['legibility'].real!.value).toBeGreaterThan(0.6);
    expect(Object.values(scores).every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(readableScores(readings, null, options())['identity'].real).toBeNull();
    expect(() => readableScores([], readings, options())).toThrow(/^there are no readings/);
  });

  it('marks in a table what should be as real clips have it', () => {
    const scores = readableScores(readings, readings, options());
    const report = { record: {} as never, scores, warnings: [] };
    const [titles] = comparisonTable({ a: report }).split('\n');
    expect(titles).toContain('| legibility ↑ |');
    expect(titles).toContain('| pixels per frame, median = |');
  });
});

describe('smaller digits', () => {
  it('are read in the size that the reader knows, and move in pixels of their own', async () => {
    const half = tf.tidy(() => {
      const frames = clips.reshape<tf.Tensor4D>([12 * 16, 64, 64, 1]);
      return tf.avgPool(frames, 2, 2, 'valid').reshape<tf.Tensor5D>([12, 16, 32, 32, 1]);
    });
    await expectNoLeaks(async () => {
      const small = await readClips(reader, half, 1, 14);
      const [whole, shrunk] = [
        readableScores(readings, null, options()),
        readableScores(small, null, { ...options(), digitSize: 14 }),
      ];
      expect(shrunk['legibility'].value).toBeGreaterThan(0.7 * whole['legibility'].value);
      const ratio = shrunk['displacement'].value / whole['displacement'].value;
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(0.6);
      const unscaled = readableScores(await readClips(reader, half), null, options());
      expect(unscaled['legibility'].value).toBeLessThan(shrunk['legibility'].value);
      const extractor = await loadMovingMnistExtractor(undefined, 14);
      expect(extractor.resize).toBe('bilinear: frames of any size, digits of 14x14 to 28x28');
      const { features } = await extractor.extract(half);
      expect(features).toHaveLength(12 * extractor.featureSize);
      extractor.dispose();
    });
    half.dispose();
  });

  it('leave clips of the right size as they are', () => {
    const same = enlargeDigits(clips, 28);
    expect(same.shape).toEqual(clips.shape);
    same.dispose();
    const larger = enlargeDigits(clips, 20);
    expect(larger.shape).toEqual([12, 16, 90, 90, 1]);
    larger.dispose();
  });
});
