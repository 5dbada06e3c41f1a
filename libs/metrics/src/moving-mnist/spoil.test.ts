import { Random } from '@tgan/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spoil, spoilings, type GrayClip } from './spoil.js';

const arbitraryClip = (frames: number, height: number, width: number): fc.Arbitrary<GrayClip> =>
  fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), {
      minLength: frames * height * width,
      maxLength: frames * height * width,
    })
    .map((pixels) => ({ frames, height, width, pixels: Float32Array.from(pixels) }));

const pairs = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
  )
  .chain((sizes) => fc.tuple(arbitraryClip(...sizes), arbitraryClip(...sizes)));

it('gives new clips in [-1, 1] of the same size, and leaves the given ones alone', () => {
  fc.assert(
    fc.property(pairs, fc.constantFrom(...spoilings), ([clip, other], kind) => {
      const before = [clip, other].map(({ pixels }) => [...pixels]);
      const spoilt = spoil(kind, clip, other, new Random(1));
      expect(spoilt).toHaveLength(clip.pixels.length);
      expect(spoilt).not.toBe(clip.pixels);
      for (const value of spoilt) expect(Math.abs(value)).toBeLessThanOrEqual(1.0001);
      expect([clip, other].map(({ pixels }) => [...pixels])).toEqual(before);
      expect(spoil(kind, clip, other, new Random(1))).toEqual(spoilt);
    }),
  );
});

/** Frames of one pixel each: -1, -0.9, ... */
const counting: GrayClip = {
  frames: 6,
  height: 1,
  width: 1,
  pixels: Float32Array.from({ length: 6 }, (_, t) => t / 10 - 1),
};
const other = { ...counting, pixels: counting.pixels.map((value) => -value) };
const order = (kind: (typeof spoilings)[number]) =>
  [...spoil(kind, counting, other, new Random(2))].map((value) => Math.round(10 * (value + 1)));

it('puts frames in the order that it says', () => {
  expect(order('real')).toEqual([0, 1, 2, 3, 4, 5]);
  expect(order('reversed')).toEqual([0, 1, 2, 2, 1, 0]);
  expect(order('frozen')).toEqual([0, 0, 0, 0, 0, 0]);
  expect(order('switched')).toEqual([0, 1, 2, 17, 16, 15]);
  expect(order('shuffled')).not.toEqual(order('real'));
  expect(order('shuffled').sort()).toEqual(order('real'));
});

it('takes away half of the ink', () => {
  const pixels = Float32Array.from({ length: 8 * 8 }, (_, at) =>
    at % 8 >= 2 && at % 8 < 6 ? 1 : -1,
  );
  const clip = { frames: 1, height: 8, width: 8, pixels };
  const left = spoil('half-missing', clip, clip, new Random());
  expect(left.filter((value) => value === 1)).toHaveLength(16);
  left.forEach((value, at) => expect(value).toBe(at % 8 === 2 || at % 8 === 3 ? 1 : -1));
});

it('makes noise as bright as the clip', () => {
  const pixels = Float32Array.from({ length: 64 * 64 }, (_, at) => (at % 10 === 0 ? 1 : -1));
  const clip = { frames: 1, height: 64, width: 64, pixels };
  const mean = (values: Float32Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const made = spoil('noise', clip, clip, new Random(5));
  expect(Math.abs(mean(made) - mean(pixels))).toBeLessThan(0.03);
});
