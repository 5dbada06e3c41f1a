import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createDualCritic } from './dual-critic.js';

const tiny = { frames: 3, imageSize: 8, channels: 2, pooling: 2, widths: [4], frameWidths: [3, 2] };
const pictures = (count: number, size: number, channels: number, seed = 1) =>
  tf.tensor4d(new Random(seed).uniform(count * size ** 2 * channels, -1, 1), [
    count,
    size,
    size,
    channels,
  ]);
const clipsOf = (count: number, seed = 1) => pictures(count, 4, 6, seed);
const framesOf = (count: number, seed = 2) => pictures(count, 8, 2, seed);

describe('createDualCritic', () => {
  it('sees small clips, and single frames of full size', () => {
    const critic = createDualCritic(tiny);
    expect(critic.inputs.map(({ shape }) => shape)).toEqual([
      [null, 4, 4, 6],
      [null, 8, 8, 2],
    ]);
    expect(critic.outputs[0].shape).toEqual([null, 2]);
    const clipWeights = 16 * 6 * 4 + 4 + (2 * 2 * 4 + 1);
    const frameWeights = 16 * (2 * 3 + 3 * 2) + 3 + 2 + 3 * 2 + (2 * 2 * 2 + 1);
    expect(critic.countParams()).toBe(clipWeights + frameWeights);
    const names = critic.layers.map(({ name }) => name).filter((name) => /^frame_/.test(name));
    expect(names).toEqual([
      'frame_conv0',
      'frame_conv1',
      'frame_bn1',
      'frame_conv2',
      'frame_score',
    ]);
    critic.dispose();
  });

  it('depends on every channel of both, each with its own score', async () => {
    const critic = createDualCritic(tiny);
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const inputs = [clipsOf(3), framesOf(3)];
        const weights = tf.tensor2d([[1], [2], [4]]);
        const gradients = (score: number) =>
          tf.grads((...views: tf.Tensor[]) => {
            const scores = critic.apply(views, { training: true }) as tf.Tensor;
            return tf.split(scores, 2, 1)[score].mul(weights).sum();
          })(inputs);
        [0, 1].forEach((score) => {
          const [own, other] = [score, 1 - score].map((view) =>
            gradients(score)[view].abs().sum([0, 1, 2]).dataSync(),
          );
          expect(Math.min(...own)).toBeGreaterThan(0);
          expect(Math.max(...other)).toBe(0);
        });
      }),
    );
    critic.dispose();
  });

  it('adds to each score what the weights of the label say of the picture', async () => {
    const critic = createDualCritic({ ...tiny, classes: 2 });
    expect(critic.inputs[2].shape).toEqual([null, 2]);
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const inputs = [clipsOf(1), framesOf(1)].map((x) => x.tile([2, 1, 1, 1]));
        const scores = critic.predict([...inputs, tf.eye(2)]) as tf.Tensor;
        ['', 'frame_'].forEach((prefix, view) => {
          const parts = [`${prefix}score`, `${prefix}each_label`].map((name) => {
            const outputs = critic.getLayer(name).output as tf.SymbolicTensor;
            const part = tf.model({ inputs: critic.inputs.slice(0, 2), outputs: [outputs] });
            return part.predict(inputs) as tf.Tensor;
          });
          const [common, ofLabels] = parts.map((part) => part.slice(0, 1));
          const expected = common.add(ofLabels).transpose();
          expectClose(scores.slice([0, view], [2, 1]), expected, 1e-6);
          expect(difference(expected.slice(0, 1), expected.slice(1, 1)).relative).toBeGreaterThan(
            1e-3,
          );
        });
      }),
    );
    critic.dispose();
  });

  it('adds noise when it trains, and no other time', () => {
    const critic = createDualCritic({ ...tiny, noise: 0.3 });
    tf.tidy(() => {
      const inputs = [clipsOf(4), framesOf(4)];
      const scores = (training: boolean) => critic.apply(inputs, { training }) as tf.Tensor;
      expect(difference(scores(false), scores(false)).relative).toBe(0);
      expect(difference(scores(true), scores(true)).relative).toBeGreaterThan(1e-3);
    });
    critic.dispose();
  });

  it('starts the same from the same seed, and otherwise not', () => {
    const kernel = (seed: number) => {
      const critic = createDualCritic({ ...tiny, seed });
      const values = critic.getWeights()[0].dataSync().slice();
      critic.dispose();
      return values;
    };
    expect(difference(kernel(3), kernel(3)).relative).toBe(0);
    expect(difference(kernel(3), kernel(4)).relative).toBeGreaterThan(0.1);
  });

  it('says what does not fit', () => {
    expect(() => createDualCritic({ ...tiny, imageSize: 10 })).toThrow(
      'dual critic: imageSize: 10 does not fit 2 layers of stride 2',
    );
    expect(() => createDualCritic({ ...tiny, pooling: 3 })).toThrow(
      'dual critic: pooling: frames of 8 pixels, 3 times smaller, do not fit 1 layers of stride 2: imageSize must be a multiple of 6',
    );
    expect(() => createDualCritic({ pooling: 0 })).toThrow(/pooling/);
  });
});
