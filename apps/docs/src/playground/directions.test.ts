import { Random } from '@tgan/core';
import { models, VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { directionsOf } from './directions.js';
import { measureLooks, measureWay } from './measures.js';
import { namedDirections } from './named-directions.js';
import { principalDirections } from './principal-directions.js';
import type { Samples } from './samples.js';

const size = 4;
const count = 400;

/** Latents uniform in [-1, 1). */
function uniform(seed: number): Samples {
  const random = new Random(seed);
  return { data: Float32Array.from({ length: count * size }, () => random.number(-1, 1)), size };
}

/** What a function makes of each row of latents. */
function outcomesOf({ data }: Samples, make: (z: Float32Array, row: number) => number[]): Samples {
  const rows = Array.from({ length: count }, (_, row) =>
    make(data.subarray(row * size, (row + 1) * size), row),
  );
  return { data: Float32Array.from(rows.flat()), size: rows[0].length };
}

const length = (vector: ArrayLike<number>) => Math.hypot(...Array.from(vector));

describe('principalDirections', () => {
  it('finds what changes the outcomes, the most first', () => {
    const latents = uniform(1);
    const outcomes = outcomesOf(latents, ([a, , c]) => [3 * a, -a, 1 + c / 2]);
    const [first, second] = principalDirections(latents, outcomes, 4);
    expect(length(first)).toBeCloseTo(1);
    expect(Math.abs(first[0])).toBeGreaterThan(0.98);
    expect(Math.abs(second[2])).toBeGreaterThan(0.9);
  });

  it('ignores what differs between classes', () => {
    const latents = uniform(2);
    const outcomes = outcomesOf(latents, ([, b], row) => [b, (row % 2) * 100]);
    const [first] = principalDirections(latents, outcomes, 1, 2);
    expect(Math.abs(first[1])).toBeGreaterThan(0.98);
  });

  it('finds no more than there are', () => {
    const latents = uniform(3);
    const outcomes = outcomesOf(latents, ([a, b]) => [a + b]);
    expect(principalDirections(latents, outcomes, 4)).toHaveLength(1);
  });
});

describe('namedDirections', () => {
  it('finds what grows, and leaves out what does not depend on the latents', () => {
    const latents = uniform(4);
    const random = new Random(5);
    const { data: up } = outcomesOf(latents, ([a, b]) => [a - b + random.number(-0.5, 0.5)]);
    const { data: right } = outcomesOf(latents, ([, , c]) => [c]);
    const noise = Array.from({ length: count }, () => random.number(-1, 1));
    const named = namedDirections(latents, { up: [...up], noise, right: [...right] });
    expect(named.map(({ name }) => name)).toEqual(['right', 'up']);
    const [{ vector: toRight }, { vector: toUp }] = named;
    expect(toRight[2]).toBeGreaterThan(0.95);
    expect(toUp[0]).toBeGreaterThan(0.6);
    expect(toUp[1]).toBeLessThan(-0.6);
    expect(length(toUp)).toBeCloseTo(1);
  });
});

describe('measures', () => {
  it('measures ways', () => {
    expect(measureWay([0, 0, 3, 4, 6, 8])).toEqual({
      lower: 3,
      'further right': 4,
      'moving down': 6,
      'moving right': 8,
      speed: 5,
    });
  });

  /** Ink on the pixels where `isInk`. */
  const picture = (isInk: (x: number, y: number) => boolean) =>
    Array.from({ length: 64 }, (_, i) => (isInk(i % 8, Math.floor(i / 8)) ? 1 : -1));

  it('measures looks', () => {
    const bar = measureLooks(
      picture((x, y) => x === 2 && y < 6),
      8,
    );
    expect(bar).toMatchObject({ boldness: 6, width: 0 });
    expect(bar.slant).toBeCloseTo(0);
    const wide = measureLooks(
      picture((x, y) => x < 6 && y > 4),
      8,
    );
    expect(wide.width).toBeGreaterThan(wide.height);
  });

  it('counts as slant what leans to the right', () => {
    const slash = measureLooks(
      picture((x, y) => x + y === 7),
      8,
    );
    expect(slash.slant).toBeCloseTo(1);
    expect(
      measureLooks(
        picture((x, y) => x === y),
        8,
      ).slant,
    ).toBeCloseTo(-1);
  });
});

describe('directionsOf', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const sizes = {
    latentSize: 6,
    frames: 4,
    imageSize: 8,
    channels: 1,
    criticWidths: [2, 2],
    temporalWidths: [4, 4],
    imageWidths: [4, 4],
    initializer: 'he',
  };

  async function directions(options: Record<string, unknown>) {
    const model = await models.create('tgan', { ...sizes, ...options }, { seed: 1 });
    if (!(model instanceof VideoGan)) throw new Error('not temporal');
    const { numTensors } = tf.memory();
    const found = await directionsOf(model);
    expect(tf.memory().numTensors).toBe(numTensors);
    model.dispose();
    return found;
  }

  it('finds directions of motion and of looks', async () => {
    const found = await directions({});
    const names = ['motion', 'looks'].flatMap((kind) => [1, 2, 3, 4].map((i) => `${kind} ${i}`));
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found.every(({ vector }) => vector.length === 6)).toBe(true);
  });

  it('names those of sprites that can be measured', async () => {
    const found = await directions({ classes: 2, sprites: 1, spriteSize: 4 });
    expect(found).toHaveLength(8);
    expect(found.some(({ name }) => !/^(motion|looks) \d$/.test(name))).toBe(true);
  });
});
