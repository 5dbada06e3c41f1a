import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scaleDigits } from './scale-digits.js';

describe('scaleDigits', () => {
  it('averages whole blocks', () => {
    const pixels = Uint8Array.from([0, 4, 8, 12, 4, 8, 12, 16, 1, 1, 100, 100, 1, 1, 100, 100]);
    const scaled = scaleDigits({ count: 1, size: 4, pixels, labels: Uint8Array.of(7) }, 2);
    expect(scaled).toEqual({
      count: 1,
      size: 2,
      pixels: Uint8Array.from([4, 12, 1, 100]),
      labels: Uint8Array.of(7),
    });
  });

  it('splits pixels that lie on a border by area', () => {
    const pixels = Uint8Array.from([90, 0, 0, 0, 90, 0, 0, 0, 90]);
    const scaled = scaleDigits({ count: 1, size: 3, pixels }, 2);
    // Each corner covers 1.5 x 1.5 pixels: one whole, and a quarter of the middle one.
    expect([...scaled.pixels]).toEqual([50, 10, 10, 50]);
  });

  it('keeps the mean of each digit, to rounding', () => {
    const sizes = fc.integer({ min: 1, max: 9 }).chain((from) =>
      fc.record({
        from: fc.constant(from),
        to: fc.integer({ min: 1, max: from }),
        pixels: fc.uint8Array({ minLength: 2 * from ** 2, maxLength: 2 * from ** 2 }),
      }),
    );
    fc.assert(
      fc.property(sizes, ({ from, to, pixels }) => {
        const scaled = scaleDigits({ count: 2, size: from, pixels }, to);
        const mean = (values: Uint8Array) => values.reduce((a, b) => a + b, 0) / values.length;
        for (const digit of [0, 1]) {
          const before = mean(pixels.subarray(digit * from ** 2, (digit + 1) * from ** 2));
          const after = mean(scaled.pixels.subarray(digit * to ** 2, (digit + 1) * to ** 2));
          expect(Math.abs(before - after)).toBeLessThanOrEqual(0.5 + 1e-9);
        }
      }),
    );
  });

  it('leaves digits of that size alone, and makes none larger', () => {
    const digits = { count: 1, size: 2, pixels: new Uint8Array(4) };
    expect(scaleDigits(digits, 2)).toBe(digits);
    expect(() => scaleDigits(digits, 3)).toThrow('digits of 2 pixels do not scale down to 3');
    expect(() => scaleDigits(digits, 1.5)).toThrow(RangeError);
  });
});
