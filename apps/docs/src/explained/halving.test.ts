import { expect, test } from 'vitest';
import { layers, lengthOf, windowsOf } from './halving.js';

test('layers halve time and space', () => {
  expect(layers.map(({ time, side }) => [time, side])).toEqual([
    [16, 64],
    [8, 32],
    [4, 16],
    [2, 8],
    [1, 4],
  ]);
});

test('a number of layer 1 sees a window of four', () => {
  const [clip, own] = windowsOf(1, 3);
  expect(own.time).toEqual([3, 3]);
  expect(clip.time).toEqual([5, 8]);
  expect(lengthOf(clip.side)).toBe(4);
});

test('windows end where the clip ends', () => {
  expect(windowsOf(1, 0)[0].time).toEqual([0, 2]);
  expect(windowsOf(1, 7)[0].time).toEqual([13, 15]);
});

test('layer 4 sees all of time, and the score everything', () => {
  expect(windowsOf(4, 0)[0].time).toEqual([0, 15]);
  expect(windowsOf(5, 0)[0]).toEqual({ time: [0, 15], side: [0, 63] });
});
