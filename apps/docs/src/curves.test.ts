import { describe, expect, it } from 'vitest';
import { rangeOf, thinned, ticksOf } from './curves.js';

describe('thinned', () => {
  it('keeps few values as they are', () => {
    expect(thinned([3, 5], 10)).toEqual([
      [1, 3],
      [2, 5],
    ]);
    expect(thinned([], 10)).toEqual([]);
  });

  it('takes means of many, and of the rest at the end', () => {
    expect(thinned(Float64Array.of(1, 3, 5, 7, 11), 3)).toEqual([
      [2, 2],
      [4, 6],
      [5, 11],
    ]);
    expect(thinned(Array(1001).fill(0), 200)).toHaveLength(167);
  });
});

describe('rangeOf', () => {
  it('spans all curves, with room', () => {
    const [from, to] = rangeOf([[[1, -1]], [[1, 3]]]);
    expect([from, to]).toEqual([-1.2, 3.2]);
  });

  it('is never empty', () => {
    expect(rangeOf([])).toEqual([0, 1]);
    expect(rangeOf([[[1, 2]]])).toEqual([1.5, 2.5]);
  });
});

describe('ticksOf', () => {
  it.each([
    [
      [0, 100],
      [0, 50, 100],
    ],
    [
      [0, 1],
      [0, 0.5, 1],
    ],
    [
      [-0.13, 0.37],
      [0, 0.2],
    ],
    [
      [0, 2500],
      [0, 1000, 2000],
    ],
    [
      [0, 0.3],
      [0, 0.1, 0.2, 0.3],
    ],
  ] as const)('of %j are round: %j', (range, ticks) => {
    expect(ticksOf(range, 4)).toEqual(ticks);
  });
});
