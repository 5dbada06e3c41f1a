import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFeatures } from '../testing/features.js';
import { resizeFrames, type ResizeMethod } from './resize.js';

const fixture = new URL('../testing/scipy-scores.json', import.meta.url);
const length = fc.integer({ min: 1, max: 9 });

function randomFrames(count: number, height: number, width: number, channels: number) {
  const { data } = randomFeatures(8, count * height * channels, width);
  return tf.tensor4d(Float32Array.from(data), [count, height, width, channels]);
}

describe('resizeFrames', () => {
  it('is bilinear as TensorFlow.js is, for any sizes', async () => {
    await expectNoLeaks(async () => {
      fc.assert(
        fc.property(length, length, length, length, (height, width, toHeight, toWidth) => {
          tf.tidy(() => {
            const frames = randomFrames(2, height, width, 3);
            const expected = tf.image.resizeBilinear(frames, [toHeight, toWidth], false, true);
            expectClose(resizeFrames(frames, [toHeight, toWidth], 'bilinear'), expected, 1e-5);
          });
        }),
      );
    });
  });

  it('is bicubic as NumPy computes it', async () => {
    const { bicubic } = JSON.parse(await readFile(fixture, 'utf8'));
    tf.tidy(() => {
      const resized = resizeFrames(randomFrames(1, 5, 7, 1), [8, 4], 'bicubic');
      expectClose(resized, tf.tensor4d(bicubic, [1, 8, 4, 1]), 1e-5);
    });
  });

  it.each<ResizeMethod>(['bilinear', 'bicubic'])('%s keeps even frames even', (method) => {
    fc.assert(
      fc.property(length, length, length, length, (height, width, toHeight, toWidth) => {
        tf.tidy(() => {
          const even = tf.fill<tf.Rank.R4>([1, height, width, 2], 0.75);
          const resized = resizeFrames(even, [toHeight, toWidth], method);
          expectClose(resized, tf.fill([1, toHeight, toWidth, 2], 0.75), 1e-5);
        });
      }),
    );
  });

  it('gives a tensor of its own where nothing changes', () => {
    const frames = tf.zeros<tf.Rank.R4>([1, 3, 4, 1]);
    const same = resizeFrames(frames, [3, 4], 'bicubic');
    expect(same).not.toBe(frames);
    tf.dispose([frames, same]);
  });
});
