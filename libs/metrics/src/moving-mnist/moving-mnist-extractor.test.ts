import { registerSimdBackend } from '@tgan/simd-backend';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { frechetDistance } from '../frechet-distance.js';
import { Moments } from '../moments.js';
import { loadMovingMnistExtractor } from '../node/index.js';
import { spoiltClips, toTensor } from '../testing/moving-clips.js';
import type { MovingMnistExtractor } from './moving-mnist-extractor.js';
import { spoilings, type Spoiling } from './spoil.js';

let extractor: MovingMnistExtractor;

beforeAll(async () => {
  await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
  extractor = await loadMovingMnistExtractor();
});

afterAll(() => extractor.dispose());

const sizes = { imageSize: 32, digits: 1, count: 48 };

async function extract(kind: Spoiling, seed: number) {
  const clips = toTensor(await spoiltClips(kind, { ...sizes, seed }));
  const extracted = await expectNoLeaks(() => extractor.extract(clips));
  clips.dispose();
  return extracted;
}

async function gaussian(kind: Spoiling, seed: number) {
  const { features } = await extract(kind, seed);
  const moments = new Moments(extractor.featureSize);
  for (let at = 0; at < features.length; at += extractor.featureSize) {
    moments.add(features.subarray(at, at + extractor.featureSize));
  }
  return moments.gaussian();
}

it('puts spoilt clips in the order that a person would', async () => {
  const reference = await gaussian('real', 1);
  const distance = {} as Record<Spoiling, number>;
  for (const kind of spoilings) {
    distance[kind] = frechetDistance(await gaussian(kind, 2), reference);
  }
  const { real, reversed, frozen, shuffled, switched } = distance;
  // A turn without a wall is hard to see; the next three are seen at once.
  expect(real).toBeLessThan(reversed);
  for (const worse of [frozen, shuffled, switched]) {
    expect(worse).toBeGreaterThan(Math.max(1.3 * real, 1.1 * reversed));
    expect(worse).toBeLessThan(distance['half-missing']);
  }
  expect(distance['half-missing']).toBeLessThan(distance.blurred);
  expect(distance.blurred).toBeLessThan(distance.noise);
});

it('is sure of real clips and of none that show nothing', async () => {
  const surest = async (kind: Spoiling) => {
    const { probabilities } = await extract(kind, 3);
    const rows = Array.from({ length: sizes.count }, (_, i) =>
      probabilities!.subarray(10 * i, 10 * (i + 1)),
    );
    for (const row of rows) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    return rows.reduce((sum, row) => sum + Math.max(...row), 0) / rows.length;
  };
  expect(await surest('real')).toBeGreaterThan(0.7);
  expect(await surest('noise')).toBeLessThan(0.2);
});

it('has a fingerprint, and as many features as it says', async () => {
  expect(extractor.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  const clips = tf.zeros([3, 2, 64, 64, 1]) as tf.Tensor5D;
  const { features, probabilities } = await extractor.extract(clips);
  expect(features).toHaveLength(3 * extractor.featureSize);
  expect(features.every(Number.isFinite)).toBe(true);
  expect(probabilities).toHaveLength(3 * extractor.classes);
  clips.dispose();
});

it('refuses single frames and color', async () => {
  for (const shape of [
    [1, 1, 32, 32, 1],
    [1, 2, 32, 32, 3],
  ] as const) {
    const clips = tf.zeros([...shape]) as tf.Tensor5D;
    await expectNoLeaks(() =>
      expect(extractor.extract(clips)).rejects.toThrow(/2 frames or more|1 channel/),
    );
    clips.dispose();
  }
});
