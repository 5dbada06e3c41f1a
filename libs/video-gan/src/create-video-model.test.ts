import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Conv3dGan } from './baselines/conv3d-gan.js';
import { Vgan } from './baselines/vgan.js';
import { createVideoModel } from './create-video-model.js';
import {
  parseVideoModelOptions,
  videoModelNames,
  videoModelOptions,
  type VideoModelName,
  type VideoModelOptions,
} from './options.js';
import { VideoGan } from './video-gan.js';
import type { Mode, VideoModel } from './video-model.js';

const tinyTgan = { temporalWidths: [6, 4, 4, 4], imageWidths: [8, 4, 4, 4, 4] };
const sizes = { latentSize: 4, imageSize: 16, channels: 1, criticWidths: [2, 2, 2, 2], noise: 0.3 };
const tiny: Record<VideoModelName, VideoModelOptions> = {
  tgan: { ...sizes, ...tinyTgan },
  'tgan-z1': { model: 'tgan-z1', ...sizes, ...tinyTgan },
  '3d': { model: '3d', ...sizes, generatorWidths: [6, 4, 4, 2] },
  vgan: { model: 'vgan', ...sizes, generatorWidths: [6, 4, 4, 2] },
};

describe('createVideoModel', () => {
  it('makes a Temporal GAN unless told otherwise', () => {
    expect(parseVideoModelOptions()).toMatchObject({
      model: 'tgan',
      latentSize: 100,
      seesZ0: true,
    });
    expect(parseVideoModelOptions({ model: 'tgan-z1' })).toMatchObject({ seesZ0: false });
    const kinds = { tgan: VideoGan, 'tgan-z1': VideoGan, '3d': Conv3dGan, vgan: Vgan };
    for (const name of videoModelNames) {
      const model = createVideoModel(tiny[name]);
      expect(model).toBeInstanceOf(kinds[name]);
      model.dispose();
    }
  });

  it('says which options do not fit', () => {
    const attempt = (options: unknown) => () => createVideoModel(options as VideoModelOptions);
    expect(attempt({ model: 'gan' })).toThrow(
      'video model "gan": model: expected one of tgan, tgan-z1, 3d, vgan, got "gan"',
    );
    expect(attempt({ model: 'vgan', maskpenalty: 1 })).toThrow(/did you mean "maskPenalty"/);
    expect(attempt({ model: '3d', frames: 10 })).toThrow(
      'video model "3d": frames: 10 does not fit 4 layers of stride 2',
    );
    expect(attempt({ model: 'tgan-z1', seesZ0: true })).toThrow(/seesZ0: expected false, got true/);
    expect(videoModelOptions.safeParse({ model: 'vgan', noise: -1 }).success).toBe(false);
  });

  it.each(videoModelNames)(
    '%s takes a training step of both players, without NaN',
    async (name) => {
      const model: VideoModel = createVideoModel(tiny[name]);
      const random = new Random(3);
      const names = await expectNoLeaks(() =>
        tf.tidy(() => {
          const mode: Mode = { training: true };
          const real = tf.tensor5d(random.uniform(2 * 16 ** 3, -1, 1), [2, 16, 16, 16, 1]);
          const z0 = model.latents(2, random);
          const { value, grads } = tf.variableGrads(() => {
            const { clips, penalty } = model.generateWithPenalty?.(z0, mode) ?? {
              clips: model.generate(z0, mode),
              penalty: 0,
            };
            expect(clips.shape).toEqual([2, 16, 16, 16, 1]);
            const fake = model.score(clips, mode).mean();
            return model.score(real, mode).mean().sub(fake).add(penalty) as tf.Scalar;
          }, [...model.generatorVariables, ...model.criticVariables]);
          for (const [variable, gradient] of Object.entries({ ...grads, value })) {
            expect(gradient.dataSync().every(Number.isFinite), variable).toBe(true);
          }
          return Object.keys(grads);
        }),
      );
      expect(names).toHaveLength(model.generatorVariables.length + model.criticVariables.length);
      model.dispose();
    },
  );
});

describe('parameters, counted by hand, for 3 channels', () => {
  const count = (options: VideoModelOptions) => {
    const model = createVideoModel(options);
    const counts = Object.fromEntries(
      Object.entries(model.networks).map(([name, network]) => [name, network.countParams()]),
    );
    model.dispose();
    return counts;
  };
  /** gamma, beta and two running statistics. */
  const batchNorm = (...channels: number[]) => 4 * channels.reduce((sum, n) => sum + n, 0);
  const critic =
    64 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512) +
    (64 + 128 + 256 + 512) +
    3 * (128 + 256 + 512) +
    (512 * 16 + 1);

  it('TGAN', () => {
    const temporal =
      100 * 512 +
      4 * (512 * 256 + 256 * 128 + 128 * 128 + 128 * 100) +
      (512 + 256 + 128 + 128 + 100) +
      batchNorm(512, 256, 128, 128);
    const image =
      2 * 100 * 4096 +
      16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 32) +
      (9 * 32 * 3 + 3) +
      batchNorm(4096, 4096, 256, 128, 64, 32);
    const expected = { 'temporal-generator': temporal, 'image-generator': image, critic };
    expect(count({})).toEqual(expected);
    expect(count({ model: 'tgan-z1' })).toEqual(expected);
  });

  it('the 3D model', () => {
    const generator =
      100 * 512 * 16 +
      64 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) +
      3 +
      batchNorm(512, 256, 128, 64);
    expect(count({ model: '3d' })).toEqual({ generator, critic });
  });

  it('VGAN', () => {
    const foreground =
      16 * 100 * 512 +
      64 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3 + 64 * 1) +
      (3 + 1) +
      batchNorm(512, 256, 128, 64);
    const background =
      16 * (100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) +
      3 +
      batchNorm(512, 256, 128, 64);
    expect(count({ model: 'vgan' })).toEqual({ generator: foreground + background, critic });
  });
});
