import { describe, expect, it } from 'vitest';
import { inParts, inThreads } from './index.js';

const program = new URL('./testing/ranks.ts', import.meta.url);

describe('inThreads', () => {
  it.each([1, 3])('runs %d threads that add up, gather and broadcast', async (size) => {
    const sum = (size * (size - 1)) / 2;
    const gathered = Array.from({ length: size }, (_, rank) => ({ rank }));
    const small = Float64Array.of(sum, size);
    const each = { gathered, given: `from ${size - 1}`, small, large: [sum] };
    expect(await inThreads(size, program, {})).toEqual(gathered.map(() => each));
  });

  it('throws what one of them throws, while the others wait for it', async () => {
    await expect(inThreads(2, program, { failing: 1 })).rejects.toThrow('rank 1 fails');
  });
});

describe('inParts', () => {
  it('gives all parts the sums that they give, also sums of sums', () => {
    const results = inParts(3, (part, sum) => {
      const first = Float64Array.of(part, 1);
      sum(first);
      const second = Float64Array.of(part * first[0]);
      sum(second);
      return [...first, ...second];
    });
    expect(results).toEqual([0, 1, 2].map(() => [3, 3, 9]));
  });
});
