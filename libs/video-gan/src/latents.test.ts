import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineLatents, latentPath, truncateLatents } from './latents.js';

const row = (...values: number[]) => tf.tensor2d([values]);
const value = fc.float({ min: -1, max: 1, noNaN: true });
const vector = fc.array(value, { minLength: 5, maxLength: 5 });

describe('latentPath', () => {
  it.each(['linear', 'spherical'] as const)('has the very ends, %s', (path) => {
    fc.assert(
      fc.property(vector, vector, fc.integer({ min: 2, max: 9 }), (a, b, steps) => {
        tf.tidy(() => {
          const z0 = latentPath(row(...a), row(...b), steps, path);
          expect(z0.shape).toEqual([steps, 5]);
          expect(difference(z0.slice([0], [1]), Float32Array.from(a)).relative).toBe(0);
          expect(difference(z0.slice([steps - 1], [1]), Float32Array.from(b)).relative).toBe(0);
          expect(z0.dataSync().every(Number.isFinite)).toBe(true);
        });
      }),
    );
  });

  it('goes straight, or round', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const [a, b] = [row(0.6, 0), row(0, 0.6)];
        expectClose(latentPath(a, b, 3).slice([1], [1]), [0.3, 0.3], 1e-6);
        const round = latentPath(a, b, 4, 'spherical');
        expectClose(round.norm('euclidean', 1), [0.6, 0.6, 0.6, 0.6], 1e-6);
        expectClose(round.slice([1], [1]), [0.6 * Math.cos(Math.PI / 6), 0.3], 1e-6);
      }),
    );
  });

  it('goes straight between opposite and between parallel latents', () => {
    tf.tidy(() => {
      const opposite = latentPath(row(1, 0), row(-1, 0), 3, 'spherical');
      expectClose(opposite, [1, 0, 0, 0, -1, 0], 1e-6);
      expectClose(
        latentPath(row(1, 0), row(0.5, 0), 3, 'spherical'),
        [1, 0, 0.75, 0, 0.5, 0],
        1e-6,
      );
    });
  });
});

describe('latent arithmetic and truncation', () => {
  it('adds and subtracts, inside the cube', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const [a, b, c] = [row(0.5, 0.9), row(0.25, -0.5), row(0.5, 0.5)];
        expectClose(
          combineLatents([
            [1, a],
            [-1, b],
            [1, c],
          ]),
          [0.75, 1],
          1e-6,
        );
      }),
    );
  });

  it('draws latents to the center', () => {
    tf.tidy(() => {
      expectClose(truncateLatents(row(-1, 0.5), 0.5), [-0.5, 0.25], 1e-6);
      expect(() => truncateLatents(row(1), 1.5)).toThrow(/from 0 to 1, got 1.5/);
    });
  });
});
