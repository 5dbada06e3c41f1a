import { Random } from '@tgan/core';
import { difference, expectClose, expectNoLeaks, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { assignWeights, chainerGanWeights } from '@tgan/chainer';
import { VideoGan } from './video-gan.js';

const tiny = {
  latentSize: 4,
  imageSize: 16,
  channels: 1,
  temporalWidths: [6, 4, 4, 4],
  imageWidths: [8, 4, 4],
  criticWidths: [2, 2, 2, 2],
} as const;
const options = () => structuredClone(tiny) as never;

describe('VideoGan', () => {
  const gan = new VideoGan(options());
  afterAll(() => gan.dispose());

  it('samples videos that its critic scores', async () => {
    const [clips, scores] = await expectNoLeaks(() => {
      const clips = gan.sample(3, new Random(1));
      return [clips, gan.score(clips)];
    }, 2);
    expect(clips.shape).toEqual([3, 16, 16, 16, 1]);
    expect(scores.shape).toEqual([3, 1]);
    expect(clips.abs().max().dataSync()[0]).toBeLessThan(1);
    tf.dispose([clips, scores]);
  });

  it('samples the same from the same seed, and otherwise not', () => {
    tf.tidy(() => {
      const first = gan.sample(2, new Random(5));
      expect(difference(gan.sample(2, new Random(5)), first).relative).toBe(0);
      expect(difference(gan.sample(2, new Random(6)), first).relative).toBeGreaterThan(0);
    });
  });

  it('does not mix the videos of a batch at inference', () => {
    tf.tidy(() => {
      const z0 = gan.latents(3, new Random(2));
      const second = gan.generate(z0.slice([1, 0], [1, -1]));
      expectClose(gan.generate(z0).slice([1], [1]), second, 1e-6);
    });
  });

  it('lists the variables of the generator and of the critic', () => {
    const names = (variables: tf.Variable[]) => variables.map((v) => v.name.split('/')[0]);
    expect(names(gan.generatorVariables).some((name) => name.startsWith('conv'))).toBe(false);
    expect(new Set(names(gan.criticVariables))).toEqual(
      new Set(['conv0', 'conv1', 'conv2', 'conv3', 'conv4', 'bn1', 'bn2', 'bn3']),
    );
  });

  it('says which sizes do not fit', () => {
    expect(() => new VideoGan({ imageSize: 50 })).toThrow(
      'video GAN: imageSize: 50 does not fit 4 layers of stride 2: it must be a multiple of 16; nearest: 48 and 64',
    );
    expect(() => new VideoGan({ frames: 10 })).toThrow(/frames: 10 does not fit/);
    expect(() => new VideoGan({ latentsize: 10 } as never)).toThrow(/did you mean "latentSize"/);
  });
});

describe('the reference', () => {
  it('gives the videos of the first step from z0 alone', () => {
    const reference = loadReference();
    const { zDim, g0, g1, d } = reference.config;
    const gan = new VideoGan({
      latentSize: zDim,
      channels: 1,
      temporalWidths: [...g0],
      imageWidths: [1, 2, 4, 8, 16].map((part) => g1 / part),
      criticWidths: [1, 2, 4, 8].map((times) => d * times),
    });
    const weights = chainerGanWeights(gan, {
      fsgen: reference.snapshot('init', 'fsgen'),
      vgen: reference.snapshot('init', 'vgen'),
      vdis: reference.snapshot('init', 'vdis'),
    });
    Object.values(weights).forEach(assignWeights);
    tf.tidy(() => {
      const z0 = tf.tensor2d(reference.z0(0), [2, zDim]);
      expectClose(gan.generate(z0, { training: true }), reference.fake().data, 2e-5, 'fake');
    });
    gan.dispose();
  });
});
