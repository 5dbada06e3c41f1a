import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { Conv3dGan } from './baselines/conv3d-gan.js';
import { project } from './project.js';
import { VideoGan } from './video-gan.js';

const sizes = { latentSize: 4, frames: 4, imageSize: 8, channels: 1, criticWidths: [2, 2] };
const models = {
  tgan: new VideoGan({
    ...sizes,
    temporalWidths: [8, 8],
    imageWidths: [16, 8, 8],
    initializer: 'he',
  }),
  '3d': new Conv3dGan({ ...sizes, generatorWidths: [16, 8] }),
  conditional: new VideoGan({
    ...sizes,
    temporalWidths: [8, 8],
    imageWidths: [16, 8, 8],
    initializer: 'he',
    classes: 2,
  }),
};
afterAll(() => Object.values(models).forEach((model) => model.dispose()));

describe('project', () => {
  it.each(['tgan', '3d', 'conditional'] as const)('finds a video that %s made', async (name) => {
    const model = models[name];
    const label = name === 'conditional' ? 1 : undefined;
    const mode = label === undefined ? {} : { labels: tf.tensor1d([label], 'int32') };
    const clip = model.sample(1, new Random(8), mode);
    const heard: number[] = [];
    const { z0, error, errors, unseenError } = await expectNoLeaks(
      () => project(model, clip, { steps: 150, label, seed: 1 }, (step) => heard.push(step)),
      1,
    );
    expect(errors).toHaveLength(151);
    expect(heard).toEqual(Array.from({ length: 151 }, (_, i) => i));
    expect(error).toBe(Math.min(...errors));
    expect(error).toBeLessThan(errors[0] / 50);
    expect(unseenError).toBeUndefined();
    tf.tidy(() => {
      expect(z0.abs().max().dataSync()[0]).toBeLessThanOrEqual(1);
      const again = model.generate(z0, mode).sub(clip).square().mean().dataSync()[0];
      // As root mean squares, which differ by no more than rounding moves a pixel when z0 comes in
      // another batch.
      expect(Math.abs(Math.sqrt(again) - Math.sqrt(error))).toBeLessThan(1e-6);
    });
    tf.dispose([clip, z0, mode]);
  });

  it('fits the first frames alone, and says how far the others are', async () => {
    const model = models.tgan;
    const clip = model.sample(1, new Random(8));
    // Other last frames: what they show must not move the search.
    const other = tf.tidy(() =>
      tf.concat([clip.slice([0, 0], [1, 2]), tf.zeros([1, 2, 8, 8, 1])], 1),
    ) as tf.Tensor5D;
    const options = { steps: 5, starts: 2, fitFrames: 2 };
    const [a, b] = [await project(model, clip, options), await project(model, other, options)];
    expectClose(a.z0, b.z0, 0);
    expect(a.errors).toEqual(b.errors);
    tf.tidy(() => {
      const made = model.generate(a.z0);
      const last = (clips: tf.Tensor) => clips.slice([0, 2], [1, 2]);
      expectClose(last(made).sub(last(clip)).square().mean(), [a.unseenError!], 1e-5);
    });
    expect(b.unseenError).not.toBe(a.unseenError);
    tf.dispose([clip, other, a.z0, b.z0]);
  });

  it('says what does not fit, and leaves nothing behind', async () => {
    const { tgan } = models;
    const clip = tf.zeros([1, 4, 8, 8, 1]) as tf.Tensor5D;
    await expectNoLeaks(async () => {
      await expect(project(tgan, clip, { fitFrames: 5 })).rejects.toThrow(/a clip has 4 frames/);
      await expect(project(tgan, clip, { steps: 0 })).rejects.toThrow(/steps: .* >= 1, got 0/);
      const wrong = tf.zeros([2, 4, 8, 8, 1]) as tf.Tensor5D;
      await expect(project(tgan, wrong)).rejects.toThrow(/expected a clip \[1,4,8,8,1\], got \[2,/);
      const nan = tf.fill([1, 4, 8, 8, 1], NaN) as tf.Tensor5D;
      await expect(project(tgan, nan)).rejects.toThrow(/is every value of the clip one/);
      await expect(project(models.conditional, clip)).rejects.toThrow(/needs labels/);
      tf.dispose([wrong, nan]);
    });
    clip.dispose();
  });
});
