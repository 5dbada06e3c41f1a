import { sizeOf } from '@tgan/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError } from './error.js';
import { mnistDigits, parseIdx } from './mnist.js';

const formatIdx = (shape: number[], data: Uint8Array) => {
  const file = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(file.buffer);
  file.set([0, 0, 8, shape.length]);
  shape.forEach((n, i) => view.setUint32(4 + 4 * i, n));
  file.set(data, 4 + 4 * shape.length);
  return file;
};

const arrays = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc
    .uint8Array({
      minLength: sizeOf(shape),
      maxLength: sizeOf(shape),
    })
    .map((data) => ({ shape, data })),
);

describe('parseIdx', () => {
  it('reads any array of bytes', () => {
    fc.assert(
      fc.property(arrays, ({ shape, data }) => {
        const read = parseIdx(formatIdx(shape, data));
        expect(read.shape).toEqual(shape);
        expect([...read.data]).toEqual([...data]);
      }),
    );
  });

  it('answers 10,000 damaged files with a DatasetError or an array of the right size', () => {
    const whole = formatIdx([3, 4], new Uint8Array(12));
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(edits, fc.nat(whole.length + 2), (bytes, length) => {
        const broken = new Uint8Array(length);
        broken.set(whole.subarray(0, length));
        for (const [at, byte] of bytes) if (at < length) broken[at] = byte;
        try {
          const { shape, data } = parseIdx(broken);
          expect(sizeOf(shape)).toBe(data.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('names what is wrong', () => {
    expect(() => parseIdx(Uint8Array.of(1, 2, 3, 4, 5))).toThrow(/two zero bytes/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0))).toThrow(/type 13/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1))).toThrow(/cut short/);
    expect(() => parseIdx(Uint8Array.of(0, 0, 8, 1, 255, 255, 255, 255))).toThrow(
      /4294967295 has 4294967303 bytes, this one has 8/,
    );
  });
});

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
