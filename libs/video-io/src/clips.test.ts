import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPixels } from './index.js';

describe('toPixels', () => {
  it('undoes the scaling of the data sets, (x - 128) / 128', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(toPixels(Float32Array.from(bytes, (x) => (x - 128) / 128))).toEqual(bytes);
  });

  it('keeps any number in 0..255, in order', () => {
    fc.assert(
      fc.property(fc.float(), fc.float(), (a, b) => {
        const [low, high] = toPixels(Float32Array.of(Math.min(a, b), Math.max(a, b)));
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
    const odd = [-1, 1, -9, 9, Infinity, -Infinity, NaN, 0];
    expect([...toPixels(Float32Array.from(odd))]).toEqual([0, 255, 0, 255, 255, 0, 0, 128]);
  });
});
