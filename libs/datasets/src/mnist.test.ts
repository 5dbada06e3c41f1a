import { expect, it } from 'vitest';
import { mnistDigits } from './mnist.js';

it.each([
  // How often each digit occurs, as published.
  ['train', 60_000, [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]],
  ['test', 10_000, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]],
] as const)('reads the %s digits of MNIST', async (part, count, frequencies) => {
  const digits = await mnistDigits(part);
  expect(digits).toMatchObject({ count, size: 28 });
  expect(digits.pixels).toHaveLength(count * 28 * 28);
  const found = new Array(10).fill(0);
  for (const label of digits.labels) found[label]++;
  expect(found).toEqual(frequencies);
  expect(await mnistDigits(part)).toBe(digits);
});

it('trains on the training digits unless told', async () => {
  expect(await mnistDigits()).toBe(await mnistDigits('train'));
});
