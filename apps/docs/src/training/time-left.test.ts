import { expect, it } from 'vitest';
import { timeLeft } from './time-left.js';

it.each([
  [0, '0 min'],
  [1, '1 min'],
  [3599, '1 h 0 min'],
  [3900, '1 h 5 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(timeLeft(seconds)).toBe(words);
});
