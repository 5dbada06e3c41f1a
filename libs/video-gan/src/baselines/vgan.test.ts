import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { Vgan } from './vgan.js';

describe('Vgan', () => {
  const sizes = { latentSize: 4, imageSize: 16, channels: 2, generatorWidths: [6, 4, 4, 2] };
  const gan = new Vgan({ ...sizes, criticWidths: [2], maskPenalty: 0.5 });
  afterAll(() => gan.dispose());

  it('blends a moving foreground and a still background by its mask', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const { clip, foreground, mask, background } = gan.streams(gan.latents(3, new Random(1)));
        expect(mask.shape).toEqual([3, 16, 16, 16, 1]);
        expect(background.shape).toEqual([3, 16, 16, 2]);
        expect(mask.min().dataSync()[0]).toBeGreaterThan(0);
        expect(mask.max().dataSync()[0]).toBeLessThan(1);
        const still = background.expandDims(1);
        const blended = mask.mul(foreground).add(tf.scalar(1).sub(mask).mul(still));
        expectClose(clip, blended.dataSync(), 1e-6);
      }),
    );
  });

  it('pays for its mask', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = gan.latents(3, new Random(1));
        const { samples, penalty } = gan.generateWithPenalty(z0);
        const { clip, mask } = gan.streams(z0);
        expectClose(samples, clip, 0);
        expectClose(penalty, [0.5 * mask.mean().dataSync()[0]], 1e-6);
      }),
    );
  });

  it('makes as many frames as asked, 32 as the original', () => {
    const original = new Vgan({ ...sizes, frames: 32, criticWidths: [2] });
    const kernels = original.generator.layers.flatMap(({ name, weights }) =>
      name.endsWith('deconv0') ? [weights[0].shape] : [],
    );
    expect(kernels).toEqual([
      [2, 1, 1, 6, 4],
      [1, 1, 6, 4],
    ]);
    const clips = original.sample(1, new Random(1));
    expect(clips.shape).toEqual([1, 32, 16, 16, 2]);
    clips.dispose();
    original.dispose();
  });
});
