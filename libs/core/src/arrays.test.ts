import { expect, it } from 'vitest';
import { fromPixels, sizeOf, toPixels } from './arrays.js';

it('gives the size of a shape', () => {
  expect([sizeOf([2, 3, 4]), sizeOf([5, 0]), sizeOf([])]).toEqual([24, 0, 1]);
});

it('brings pixels to [-1, 1) and back', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
  const values = fromPixels(pixels);
  expect([values[0], values[128], values[255]]).toEqual([-1, 0, 127 / 128]);
  expect(toPixels(values)).toEqual(pixels);
  const part = new Float32Array(4);
  expect(fromPixels([255, 0], part.subarray(1, 3)).buffer).toBe(part.buffer);
  expect([...part]).toEqual([0, 127 / 128, -1, 0]);
  expect([...toPixels([-7, 7, NaN, 0.996])]).toEqual([0, 255, 0, 255]);
});
