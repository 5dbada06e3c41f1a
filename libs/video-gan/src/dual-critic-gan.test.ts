import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { DualCriticGan } from './dual-critic-gan.js';

const tiny = {
  latentSize: 4,
  imageSize: 16,
  channels: 1,
  temporalWidths: [6, 4],
  imageWidths: [8, 4, 4],
  criticWidths: [2, 2],
  criticPooling: 4,
  frameCriticWidths: [3, 2],
};

describe('DualCriticGan', () => {
  const gan = new DualCriticGan(tiny);
  afterAll(() => gan.dispose());
  const clips = (count: number, seed = 1) =>
    tf.tensor5d(new Random(seed).uniform(count * 16 ** 3, -1, 1), [count, 16, 16, 16, 1]);

  it('makes clips, and gives each a score of either critic while it trains', async () => {
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const z0 = gan.latents(3, new Random(1));
        const made = gan.generate(z0, { training: true });
        expect(made.shape).toEqual([3, 16, 16, 16, 1]);
        const scores = gan.score(made, { training: true });
        expect(scores.shape).toEqual([3, 2]);
        expect(gan.score(made).shape).toEqual([3, 1]);
      }),
    );
  });

  it('judges all frames at a part of their size, and one at full size', () => {
    tf.tidy(() => {
      const real = clips(2);
      gan.latents(2, new Random(5)).dispose();
      const seen = (score: number) => {
        const gradient = tf.grad((x: tf.Tensor) => {
          const scores = gan.score(x as tf.Tensor5D, { training: true });
          return tf
            .split(scores, 2, 1)
            [score].mul(tf.tensor2d([[1], [2]]))
            .sum();
        })(real);
        return gradient.abs();
      };
      const frames = (gradient: tf.Tensor) => gradient.sum([2, 3, 4]).greater(0).sum(1).dataSync();
      expect([...frames(seen(0))]).toEqual([16, 16]);
      expect([...frames(seen(1))]).toEqual([1, 1]);
      // A block of 4x4 pixels is one pixel of the small clip.
      const blocks = seen(0).reshape([2, 16, 4, 4, 4, 4]);
      expectClose(blocks.min([3, 5]), blocks.max([3, 5]), 1e-6);
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

  it('sees the frame in the middle when it does not train', () => {
    tf.tidy(() => {
      const real = clips(2);
      const before = gan.score(real);
      gan.latents(2, new Random(7)).dispose();
      expectClose(gan.score(real), before, 0);
    });
  });

  it('moves along polynomials where told', () => {
    const smooth = new DualCriticGan({ ...tiny, frameLatentSize: 2, temporalTerms: 3 });
    expect(smooth.temporalGenerator.outputs[0].shape).toEqual([null, 16, 2]);
    tf.tidy(() => {
      const z0 = smooth.latents(2, new Random(1));
      expect(smooth.generate(z0).shape).toEqual([2, 16, 16, 16, 1]);
      expect(smooth.framesAt(z0, [{ video: 1, time: 2.5 }]).shape).toEqual([1, 16, 16, 1]);
    });
    smooth.dispose();
  });

  it('takes labels', () => {
    const conditional = new DualCriticGan({ ...tiny, classes: 3 });
    tf.tidy(() => {
      const z0 = conditional.latents(2, new Random(1));
      const labels = tf.tensor1d([0, 2], 'int32');
      const made = conditional.generate(z0, { training: true, labels });
      expect(conditional.score(made, { training: true, labels }).shape).toEqual([2, 2]);
      expect(conditional.score(clips(2), { labels }).shape).toEqual([2, 1]);
    });
    conditional.dispose();
  });

  it('starts coherently unless told', () => {
    const kernel = (start?: 'independent') => {
      const made = new DualCriticGan({ ...tiny, ...(start && { start }) });
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
    expect(() => new DualCriticGan({ ...tiny, criticPooling: 3 })).toThrow(
      'dual critic GAN: criticPooling: frames of 16 pixels, 3 times smaller, do not fit 2 layers',
    );
    expect(() => new DualCriticGan({ ...tiny, frames: 18 })).toThrow(/frames: 18 does not fit 2/);
    expect(() => new DualCriticGan({ ...tiny, imageSize: 18 })).toThrow(
      /imageSize: 18 does not fit 2/,
    );
  });
});
