import { expect, it } from 'vitest';
import { frameAt } from './use-player.js';

it('shows the frame of a time, over and over', () => {
  const shown = [0, 0.05, 0.1, 0.35, 0.4, 4.1].map((time) => frameAt(time, 4));
  expect(shown).toEqual([0, 0, 1, 3, 0, 1]);
});

it('shows interpolated films at their own rate', () => {
  expect([0, 0.024, 0.026, 0.1].map((time) => frameAt(time, 13, 40))).toEqual([0, 0, 1, 4]);
});
