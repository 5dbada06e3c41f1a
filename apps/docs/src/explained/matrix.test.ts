import { expect, test } from 'vitest';
import { axesOf, clipAxes } from './matrix.js';

const sizes = (matrix: readonly number[]) => axesOf(matrix).map(({ size }) => size);

test('axes are singular values, the longer first', () => {
  expect(sizes([0.5, 0, 0, 2])).toEqual([2, 0.5]);
  const [long, short] = sizes([1, 1, 0, 1]);
  expect(long * short).toBeCloseTo(1);
  expect(long ** 2 + short ** 2).toBeCloseTo(3);
});

test('the axes of zero are zero', () => {
  expect(sizes([0, 0, 0, 0])).toEqual([0, 0]);
});

test('axes longer than 1 are cut, shorter ones stay', () => {
  const [long, short] = sizes(clipAxes([1.6, 0.7, -0.2, 0.9]));
  expect(long).toBeCloseTo(1);
  expect(short).toBeCloseTo(sizes([1.6, 0.7, -0.2, 0.9])[1]);
  expect(clipAxes([0.5, 0.1, 0, 0.3])).toEqual([0.5, 0.1, 0, 0.3]);
});
