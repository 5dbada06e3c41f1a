import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGlimpses, middleGlimpse, pickRows, stackGlimpses } from './glimpses.js';

const sizes = fc
  .record({
    glimpseFrames: fc.integer({ min: 2, max: 5 }),
    glimpseGaps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
    more: fc.integer({ min: 0, max: 10 }),
  })
  .map(({ glimpseFrames, glimpseGaps, more }) => ({
    glimpseFrames,
    glimpseGaps,
    frames: (glimpseFrames - 1) * Math.max(...glimpseGaps) + 1 + more,
  }));

describe('glimpses', () => {
  it('lie inside their clip, at one of the gaps', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), (sizes, seed) => {
        const drawn = drawGlimpses(20, sizes, new Random(seed));
        for (const { first, gap } of [...drawn, middleGlimpse(sizes)]) {
          expect(sizes.glimpseGaps).toContain(gap);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(first + (sizes.glimpseFrames - 1) * gap).toBeLessThan(sizes.frames);
        }
      }),
    );
  });

  it('see every frame, the ends too', () => {
    const sizes = { frames: 16, glimpseFrames: 4, glimpseGaps: [1, 2, 4] };
    const seen = new Array<number>(16).fill(0);
    for (const { first, gap } of drawGlimpses(3000, sizes, new Random(1))) {
      for (let i = 0; i < 4; i++) seen[first + i * gap]++;
    }
    // 3000 glimpses of 4 of 16 frames: 750 a frame if all were equal.
    expect(Math.min(...seen)).toBeGreaterThan(375);
  });

  it('pick rows and stack them by channel, with gap and time', async () => {
    const sizes = { frames: 5, glimpseFrames: 2, glimpseGaps: [1, 4] };
    const glimpses = [
      { first: 2, gap: 1 },
      { first: 0, gap: 4 },
    ];
    await expectNoLeaks(() =>
      tf.tidy(() => {
        // Frame t of clip c holds the pixels 100 c + 10 t and 100 c + 10 t + 1.
        const values = Array.from({ length: 20 }, (_, i) => {
          return 100 * Math.floor(i / 10) + 10 * (Math.floor(i / 2) % 5) + (i % 2);
        });
        const picked = pickRows(tf.tensor3d(values, [2, 5, 2]), glimpses, sizes);
        expect(picked.arraySync()).toEqual([
          [
            [20, 21],
            [30, 31],
          ],
          [
            [100, 101],
            [140, 141],
          ],
        ]);
        const stacked = stackGlimpses(picked, glimpses, sizes, 1).arraySync();
        expect(stacked[0][0].slice(0, 3)).toEqual([20, 30, 0.25]);
        expect(stacked[0][0][3]).toBeCloseTo(-0.2, 6);
        expect(stacked[1]).toEqual([
          [100, 140, 1, -1],
          [101, 141, 1, -1],
        ]);
      }),
    );
  });
});
