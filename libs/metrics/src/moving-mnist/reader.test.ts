import { readFile } from 'node:fs/promises';
import { mnistDigits } from '@tgan/datasets';
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { MetricsError } from '../errors.js';
import { namedFrom } from './read-clips.js';
import { MovingMnistReader, type Sighting } from './reader.js';

const weightsFile = new URL('../../weights/moving-mnist-reader.bin', import.meta.url);
let weights: Uint8Array;
let reader: MovingMnistReader;

beforeAll(async () => {
  await registerSimdBackend({ threads: 1 });
  await tf.setBackend('simd');
  weights = await readFile(weightsFile);
  reader = new MovingMnistReader(weights);
});

/** Reads canvases `[count, height, width]` in [0, 1]. */
async function read(canvases: readonly Float32Array[], height: number, width = height) {
  const frames = tf.tidy(() => {
    const all = tf.stack(canvases.map((canvas) => tf.tensor1d(canvas)));
    return all.mul(2).sub(1).reshape([-1, height, width, 1]) as tf.Tensor4D;
  });
  const seen = await reader.readFrames(frames);
  frames.dispose();
  return seen;
}

const names = (sightings: readonly Sighting[]) =>
  sightings.filter(({ confidence }) => confidence >= namedFrom);
const shareNamed = (seen: readonly (readonly Sighting[])[]) =>
  seen.filter((sightings) => names(sightings).length > 0).length / seen.length;

/** Draws one of MNIST's test digits; where it meets another one, the brighter pixel stays. */
async function draw(canvas: Float32Array, width: number, index: number, top: number, left: number) {
  const { pixels } = await mnistDigits('test');
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) {
      const at = (top + y) * width + left + x;
      canvas[at] = Math.max(canvas[at], pixels[index * 784 + y * 28 + x] / 255);
    }
  }
  return canvas;
}

it.each([
  [32, 32],
  [64, 64],
  [45, 61],
])('names unseen digits on a canvas of %i x %i and says where they are', async (height, width) => {
  const { labels } = await mnistDigits('test');
  const random = new Random(7);
  const count = 300;
  const truth = Array.from({ length: count }, (_, digit) => ({
    label: labels[digit],
    top: random.integer(height - 27),
    left: random.integer(width - 27),
  }));
  const canvases = await Promise.all(
    truth.map(({ top, left }, i) => draw(new Float32Array(height * width), width, i, top, left)),
  );
  const seen = await read(canvases, height, width);
  const right = seen.filter(([first], i) => first?.digit === truth[i].label).length;
  expect(right / count).toBeGreaterThan(0.94);
  expect(shareNamed(seen)).toBeGreaterThan(0.75);
  const wrong = seen.filter((s, i) => names(s).some(({ digit }) => digit !== truth[i].label));
  expect(wrong.length / count).toBeLessThan(0.02);
  seen.forEach((sightings, i) => {
    for (const { y, x } of names(sightings)) {
      expect(Math.hypot(y - truth[i].top - 13.5, x - truth[i].left - 13.5)).toBeLessThan(4);
    }
  });
});

it('sees both of two digits', async () => {
  const { labels } = await mnistDigits('test');
  const canvases: Float32Array[] = [];
  for (let i = 0; i < 100; i += 2) {
    const canvas = await draw(new Float32Array(64 * 64), 64, i, 2, 3);
    canvases.push(await draw(canvas, 64, i + 1, 34, 35));
  }
  const seen = await read(canvases, 64);
  const both = seen.filter((sightings, i) => {
    const ordered = names(sightings).sort((a, b) => a.y - b.y);
    const digits = ordered.map(({ digit }) => digit);
    return String(digits) === String([labels[2 * i], labels[2 * i + 1]]);
  });
  expect(both.length / seen.length).toBeGreaterThan(0.6);
});

/**
 * What nobody reads, on a canvas of 32x32. None of it is made by the code that makes the training's
 * examples.
 */
const nothing: Record<string, (random: Random, at: number) => number> = {
  black: () => 0,
  gray: () => 0.5,
  white: () => 1,
  'uniform noise': (random) => random.number(),
  'sparse noise': (random) => (random.number() < 0.15 ? 1 : 0),
  stripes: (_, at) => ((at % 32) % 6 < 3 ? 1 : 0),
  checkers: (_, at) => (((at % 32) >> 2) + (at >> 7)) % 2,
  'a ramp': (_, at) => (at % 32) / 31,
  'a big blob': (_, at) =>
    Math.exp(-(((at % 32) - 16) ** 2 + (Math.floor(at / 32) - 16) ** 2) / 60),
  'a square': (_, at) => (Math.max(Math.abs((at % 32) - 16), Math.abs((at >> 5) - 16)) < 9 ? 1 : 0),
};

it.each(Object.entries(nothing))('names nothing in %s', async (_, pixel) => {
  const random = new Random(11);
  const canvases = Array.from({ length: 40 }, () =>
    Float32Array.from({ length: 32 * 32 }, (_, at) => pixel(random, at)),
  );
  expect(shareNamed(await read(canvases, 32))).toBeLessThanOrEqual(0.025);
});

it('moves with the digit', async () => {
  for (let digit = 0; digit < 20; digit++) {
    const canvases = await Promise.all(
      [0, 1, 2, 3, 4].map((by) => draw(new Float32Array(40 * 40), 40, digit, 4 + by, 8 - by)),
    );
    const seen = await read(canvases, 40);
    if (names(seen[0]).length === 0) continue;
    seen.forEach(([first], by) => {
      expect(first.digit).toBe(seen[0][0].digit);
      expect(Math.abs(first.y - seen[0][0].y - by)).toBeLessThan(1.2);
      expect(Math.abs(first.x - seen[0][0].x + by)).toBeLessThan(1.2);
    });
  }
});

it('leaves no tensors behind, and answers the same each time', async () => {
  const random = new Random(3);
  const frames = tf.tensor4d(random.uniform(300 * 32 * 32, -1, 1), [300, 32, 32, 1]);
  const once = await expectNoLeaks(() => reader.readFrames(frames));
  expect(await reader.readFrames(frames)).toEqual(once);
  await expectNoLeaks(() => reader.describeFrames(frames));
  frames.dispose();
  await expectNoLeaks(() => new MovingMnistReader(weights).dispose());
});

it('refuses what it cannot read', async () => {
  const color = tf.zeros([1, 32, 32, 3]) as tf.Tensor4D;
  await expectNoLeaks(() =>
    expect(reader.readFrames(color)).rejects.toThrow(
      new MetricsError(
        'the reader of Moving MNIST takes frames of 1 channel, these have 3: [1,32,32,3]',
      ),
    ),
  );
  color.dispose();
  const none = tf.zeros([0, 32, 32, 1]) as tf.Tensor4D;
  expect(await reader.readFrames(none)).toEqual([]);
  none.dispose();
});

it('refuses damaged weights', () =>
  expectNoLeaks(() => {
    expect(() => new MovingMnistReader(weights.subarray(4))).toThrow(
      /are \d+ bytes, these are \d+: take the file that comes with this version$/,
    );
    const damaged = new Uint8Array(weights);
    damaged.fill(255, 100, 108);
    expect(() => new MovingMnistReader(damaged)).toThrow(/damaged: one is not finite/);
  }));
