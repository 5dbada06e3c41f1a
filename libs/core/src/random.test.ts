import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const draw = (random: Random, count = 8) => Array.from({ length: count }, () => random.number());

describe('Random', () => {
  it('repeats a stream from the same keys', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }), (keys) => {
        expect(draw(new Random(...keys))).toEqual(draw(new Random(...keys)));
      }),
    );
  });

  it('goes on exactly where a saved state stood', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(100), (seed, skipped) => {
        const random = new Random(seed);
        draw(random, skipped);
        const restored = Random.restore(JSON.parse(JSON.stringify(random.state)));
        expect(draw(restored)).toEqual(draw(random));
      }),
    );
  });

  it('gives neighboring seeds unrelated streams', () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => new Random(seed).number());
    const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
    const lag = firsts.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * (firsts[i] - 0.5), 0);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(lag / firsts.length)).toBeLessThan(0.01);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('tells keys apart that differ above 32 bits, in order or in number', () => {
    const streams = [[1], [1 + 2 ** 32], [1, 0], [0, 1], [1, 1], [-1], []];
    const firsts = streams.map((keys) => new Random(...keys).number());
    expect(new Set(firsts).size).toBe(streams.length);
  });

  it('stays inside its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, below) => {
        const random = new Random(seed);
        const whole = random.integer(below);
        expect(whole >= 0 && whole < below && Number.isInteger(whole)).toBe(true);
        for (const x of random.uniform(20, -1, 1)) expect(x >= -1 && x <= 1).toBe(true);
        expect([...random.permutation(below)].sort((a, b) => a - b)).toEqual(
          Array.from({ length: below }, (_, i) => i),
        );
      }),
    );
  });

  it('refuses keys and states that are not whole numbers', () => {
    expect(() => new Random(0.5)).toThrow(/whole number, got 0.5/);
    expect(() => new Random(Number.NaN)).toThrow(/NaN/);
    expect(() => Random.restore([1, 2, 3])).toThrow(/expected 4 integers/);
  });
});
