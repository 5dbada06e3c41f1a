import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { GlimpseGan } from './glimpse-gan.js';

const tiny = {
  latentSize: 4,
  imageSize: 16,
  channels: 1,
  temporalWidths: [6, 4],
  imageWidths: [8, 4, 4],
  criticWidths: [2, 2],
};

describe('GlimpseGan', () => {
  const gan = new GlimpseGan(tiny);
  afterAll(() => gan.dispose());
  const clips = (count: number, seed = 1) =>
    tf.tensor5d(new Random(seed).uniform(count * 16 ** 3, -1, 1), [count, 16, 16, 16, 1]);

  it('makes whole clips, and glimpses while it trains', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = gan.latents(3, new Random(1));
        expect(gan.generate(z0).shape).toEqual([3, 16, 16, 16, 1]);
        const glimpses = gan.generate(z0, { training: true });
        expect(glimpses.shape).toEqual([3, 1, 16, 16, 6]);
        expect(gan.score(glimpses, { training: true }).shape).toEqual([3, 1]);
      }),
    );
  });

  it('sees the drawn frames of real clips while it trains, and no others', () => {
    tf.tidy(() => {
      const real = clips(2);
      gan.latents(2, new Random(5)).dispose();
      const gradient = tf.grad((x: tf.Tensor) =>
        gan
          .score(x as tf.Tensor5D, { training: true })
          .mul(tf.tensor2d([[1], [2]]))
          .sum(),
      )(real);
      const seen = gradient.abs().sum([2, 3, 4]).greater(0).sum(1).dataSync();
      expect([...seen]).toEqual([4, 4]);
    });
  });

  it('draws the frames from the stream of the latents', () => {
    tf.tidy(() => {
      const real = clips(8);
      const score = (seed: number) => {
        gan.latents(8, new Random(seed)).dispose();
        return gan.score(real, { training: true });
      };
      expect(difference(score(5), score(5)).relative).toBe(0);
      expect(difference(score(5), score(6)).relative).toBeGreaterThan(1e-3);
    });
  });

  it('sees the frames in the middle when it does not train', () => {
    tf.tidy(() => {
      const real = clips(2);
      const before = gan.score(real);
      gan.latents(2, new Random(7)).dispose();
      expectClose(gan.score(real), before, 0);
    });
  });

  it('tells the critic when and how far apart the frames are, by planes', () => {
    tf.tidy(() => {
      const made = gan.generate(gan.latents(2, new Random(9)), { training: true });
      const [frames, planes] = tf.split(made, [4, 2], 4);
      const corner = planes.slice([0, 0, 0, 0, 0], [-1, -1, 1, 1, -1]);
      expect(planes.sub(corner).abs().max().dataSync()[0]).toBe(0);
      expect(frames.abs().max().dataSync()[0]).toBeLessThan(1);
      expect(frames.sub(frames.mean()).abs().max().dataSync()[0]).toBeGreaterThan(0.01);
    });
  });

  it('moves by two numbers a frame where told', () => {
    const small = new GlimpseGan({ ...tiny, frameLatentSize: 2 });
    expect(small.temporalGenerator.outputs[0].shape).toEqual([null, 16, 2]);
    tf.tidy(() => {
      const z0 = small.latents(2, new Random(1));
      expect(small.generate(z0).shape).toEqual([2, 16, 16, 16, 1]);
      expect(small.generate(z0, { training: true }).shape).toEqual([2, 1, 16, 16, 6]);
      expect(small.framesAt(z0, [{ video: 1, time: 2.5 }]).shape).toEqual([1, 16, 16, 1]);
    });
    small.dispose();
  });

  it('takes labels', () => {
    const conditional = new GlimpseGan({ ...tiny, classes: 3 });
    tf.tidy(() => {
      const z0 = conditional.latents(2, new Random(1));
      const labels = tf.tensor1d([0, 2], 'int32');
      const made = conditional.generate(z0, { training: true, labels });
      expect(conditional.score(made, { training: true, labels }).shape).toEqual([2, 1]);
      expect(conditional.score(clips(2), { labels }).shape).toEqual([2, 1]);
    });
    conditional.dispose();
  });

  it('starts coherently unless told', () => {
    const kernel = (start?: 'independent') => {
      const made = new GlimpseGan({ ...tiny, ...(start && { start }) });
      const values = made.temporalGenerator.getLayer('deconv1').getWeights()[0].arraySync();
      made.dispose();
      return (values as number[][][][])[0];
    };
    const [a, b] = kernel();
    expect(b[0][0] / a[0][0]).toBeCloseTo(3, 4);
    const [c, d] = kernel('independent');
    expect(Math.abs(d[0][0] / c[0][0] - 3)).toBeGreaterThan(0.01);
  });

  it('says what does not fit', () => {
    expect(() => new GlimpseGan({ ...tiny, frames: 12 })).toThrow(
      'glimpse GAN: glimpseGaps: 4 frames at gap 4 span 13 frames, a clip has 12',
    );
    expect(() => new GlimpseGan({ ...tiny, frames: 18 })).toThrow(/frames: 18 does not fit 2/);
    expect(() => new GlimpseGan({ ...tiny, imageSize: 18 })).toThrow(
      /imageSize: 18 does not fit 2/,
    );
  });
});
