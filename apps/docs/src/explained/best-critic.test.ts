import { expect, test } from 'vitest';
import { bestCritic, slopeAt } from './best-critic.js';

test('V is the mean distance that points have to go, where the slope is 1', () => {
  expect(bestCritic([5, 6], [1, 2], 1).value).toBeCloseTo(4);
  expect(bestCritic([1, 6], [2, 5], 1).value).toBeCloseTo(1);
});

test('V grows with the slope', () => {
  expect(bestCritic([5, 6], [1, 2], 3).value).toBeCloseTo(12);
});

test('V is 0 where the points are the same', () => {
  expect(bestCritic([1, 2], [2, 1], 1).value).toBe(0);
});

test('a generated point goes up', () => {
  const { corners } = bestCritic([5, 6], [1, 2], 1);
  expect(slopeAt(corners, 1)).toBeCloseTo(1);
  const mirrored = bestCritic([1, 2], [5, 6], 1);
  expect(slopeAt(mirrored.corners, 6)).toBeCloseTo(-1);
});

test('a generated point stays where nothing is higher', () => {
  const { corners } = bestCritic([1, 2], [2, 1], 1);
  expect(slopeAt(corners, 2)).toBe(0);
});
