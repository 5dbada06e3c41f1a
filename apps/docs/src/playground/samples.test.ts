import { expect, it } from 'vitest';
import { along, centered, correlation } from './samples.js';

it('centers each class by itself', () => {
  // Rows of two numbers, of the classes 0, 1, 0, 1, 0.
  const data = Float32Array.of(1, 10, 100, 0, 2, 20, 300, 0, 3, 30);
  expect([...centered({ data, size: 2 }, 2)]).toEqual([-1, -10, -100, 0, 0, 0, 100, 0, 1, 10]);
  expect([...centered({ data: Float32Array.of(1, 2, 6), size: 1 }, 1)]).toEqual([-2, -1, 3]);
});

it('tells how far samples are along a direction', () => {
  expect(along({ data: Float32Array.of(1, 2, 3, 4), size: 2 }, [10, 1])).toEqual([12, 34]);
});

it('correlates', () => {
  expect(correlation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1);
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
  expect(correlation([1, 2, 3, 4], [1, -1, -1, 1])).toBeCloseTo(0);
});
