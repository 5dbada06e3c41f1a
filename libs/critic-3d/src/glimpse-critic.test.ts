import { Random } from '@tgan/core';
import { difference, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createGlimpseCritic } from './glimpse-critic.js';

const tiny = { glimpseFrames: 3, imageSize: 8, channels: 1, widths: [4, 6] };
const glimpses = (count: number, channels: number, seed = 1) =>
  tf.tensor4d(new Random(seed).uniform(count * 64 * channels, -1, 1), [count, 8, 8, channels]);

describe('createGlimpseCritic', () => {
  it('scores glimpses of as many frames as asked', () => {
    const critic = createGlimpseCritic(tiny);
    expect(critic.inputs[0].shape).toEqual([null, 8, 8, 5]);
    expect(critic.outputs[0].shape).toEqual([null, 1]);
    const kernels = 16 * (5 * 4 + 4 * 6) + 2 * 2 * 6;
    const biases = 4 + 6 + 1;
    expect(critic.countParams()).toBe(kernels + biases + 3 * 6);
    critic.dispose();
    const color = createGlimpseCritic({ ...tiny, channels: 3 });
    expect(color.inputs[0].shape).toEqual([null, 8, 8, 11]);
    color.dispose();
  });

  it('depends on every channel of a glimpse', async () => {
    const critic = createGlimpseCritic(tiny);
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const x = glimpses(3, 5);
        const weights = tf.tensor2d([[1], [2], [4]]);
        const score = (x: tf.Tensor) => critic.apply(x, { training: true }) as tf.Tensor;
        const gradient = tf.grad((x) => score(x).mul(weights).sum())(x);
        const byChannel = gradient.abs().sum([0, 1, 2]).dataSync();
        expect(Math.min(...byChannel)).toBeGreaterThan(0);
      }),
    );
    critic.dispose();
  });

  it('gives a single frame a score of its own where told', () => {
    const critic = createGlimpseCritic({ ...tiny, widths: [4], frameWidths: [3, 2] });
    expect(critic.inputs.map(({ shape }) => shape)).toEqual([
      [null, 8, 8, 5],
      [null, 8, 8, 1],
    ]);
    const names = critic.layers.map(({ name }) => name).filter((name) => /^frame_/.test(name));
    expect(names).toEqual([
      'frame_conv0',
      'frame_conv1',
      'frame_bn1',
      'frame_conv2',
      'frame_score',
    ]);
    tf.tidy(() => {
      const [x, y] = [glimpses(2, 5), glimpses(2, 1, 2)];
      const scores = (...inputs: tf.Tensor[]) =>
        tf.split(critic.predict(inputs) as tf.Tensor, 2, 1) as [tf.Tensor, tf.Tensor];
      const [[motion, frame], [otherMotion, sameFrame], [sameMotion, otherFrame]] = [
        scores(x, y),
        scores(x.neg(), y),
        scores(x, y.neg()),
      ];
      for (const [one, same] of [
        [frame, sameFrame],
        [motion, sameMotion],
      ])
        expect(difference(one, same).relative).toBe(0);
      for (const [one, other] of [
        [frame, otherFrame],
        [motion, otherMotion],
      ])
        expect(difference(one, other).relative).toBeGreaterThan(1e-3);
    });
    critic.dispose();
  });

  it('reads a label', () => {
    const critic = createGlimpseCritic({ ...tiny, classes: 2 });
    tf.tidy(() => {
      const x = glimpses(1, 5).tile([2, 1, 1, 1]);
      const labels = tf.tensor2d([1, 0, 0, 1], [2, 2]);
      const [first, second] = tf.split(critic.predict([x, labels]) as tf.Tensor, 2);
      expect(difference(first, second).relative).toBeGreaterThan(1e-3);
    });
    critic.dispose();
  });

  it('adds noise when it trains, and no other time', () => {
    const critic = createGlimpseCritic({ ...tiny, noise: 0.3 });
    tf.tidy(() => {
      const x = glimpses(4, 5);
      const scores = (training: boolean) => critic.apply(x, { training }) as tf.Tensor;
      expect(difference(scores(false), scores(false)).relative).toBe(0);
      expect(difference(scores(true), scores(true)).relative).toBeGreaterThan(1e-3);
    });
    critic.dispose();
  });

  it('starts the same from the same seed, and otherwise not', () => {
    const kernel = (seed: number) => {
      const critic = createGlimpseCritic({ ...tiny, seed });
      const values = critic.getWeights()[0].dataSync().slice();
      critic.dispose();
      return values;
    };
    expect(difference(kernel(3), kernel(3)).relative).toBe(0);
    expect(difference(kernel(3), kernel(4)).relative).toBeGreaterThan(0.1);
  });

  it('says what does not fit', () => {
    expect(() => createGlimpseCritic({ ...tiny, imageSize: 10 })).toThrow(
      'glimpse critic: imageSize: 10 does not fit 2 layers of stride 2',
    );
    expect(() => createGlimpseCritic({ glimpseFrames: 1 })).toThrow(/glimpseFrames/);
  });
});
