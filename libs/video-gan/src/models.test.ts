import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Conv3dGan } from './baselines/conv3d-gan.js';
import { Vgan } from './baselines/vgan.js';
import { DualCriticGan } from './dual-critic-gan.js';
import { models } from './registries.js';
import { VideoGan } from './video-gan.js';
import type { Mode } from './video-model.js';

const tinyTgan = { temporalWidths: [6, 4, 4, 4], imageWidths: [8, 4, 4, 4, 4] };
const sizes = { latentSize: 4, imageSize: 16, channels: 1, criticWidths: [2, 2, 2, 2], noise: 0.3 };
const tinyBaseline = { ...sizes, generatorWidths: [6, 4, 4, 2] };
/** Options of a small network for every model, with its class. */
const tiny: Record<string, { options: object; kind: unknown }> = {
  tgan: { options: { ...sizes, ...tinyTgan }, kind: VideoGan },
  'tgan-z1': { options: { ...sizes, ...tinyTgan }, kind: VideoGan },
  '3d': { options: tinyBaseline, kind: Conv3dGan },
  vgan: { options: tinyBaseline, kind: Vgan },
  'tgan-dual': {
    options: { ...sizes, ...tinyTgan, criticWidths: [2, 2], frameCriticWidths: [2, 2] },
    kind: DualCriticGan,
  },
};
const create = (name: string, options: unknown) => models.create(name, options, { seed: 0 });

describe('models', () => {
  it('makes each model by its name', async () => {
    expect(Object.keys(tiny)).toEqual(models.names);
    for (const name of models.names) {
      const model = await create(name, tiny[name].options);
      expect(model).toBeInstanceOf(tiny[name].kind);
      model.dispose();
    }
  });

  it('gives the image generator of tgan-z1 no z0', async () => {
    for (const [name, seesZ0] of [
      ['tgan', true],
      ['tgan-z1', false],
    ] as const) {
      const model = await create(name, tiny[name].options);
      expect(model.options).toMatchObject({ seesZ0 });
      model.dispose();
    }
  });

  it('seeds the kernels', async () => {
    const kernelOf = async (seed: number) => {
      const model = await models.create('3d', tiny['3d'].options, { seed });
      const kernel = [...model.critic.getWeights()[0].dataSync()];
      model.dispose();
      return kernel;
    };
    expect(await kernelOf(1)).toEqual(await kernelOf(1));
    expect(await kernelOf(1)).not.toEqual(await kernelOf(2));
  });

  it('says which options do not fit', async () => {
    const attempt = (name: string, options: unknown) => expect(create(name, options)).rejects;
    await attempt('gan', {}).toThrow(
      'there is no model "gan", did you mean "tgan"?; choose from: tgan, tgan-z1, 3d, vgan, tgan-dual',
    );
    await attempt('vgan', { maskpenalty: 1 }).toThrow(/did you mean "maskPenalty"/);
    await attempt('3d', { frames: 10 }).toThrow(
      'model 3d: frames: 10 does not fit 4 layers of stride 2',
    );
    await attempt('tgan-z1', { seesZ0: true }).toThrow(/unknown option "seesZ0"/);
    await attempt('vgan', { noise: -1 }).toThrow(/noise: expected a number >= 0, got -1/);
  });

  it.each(models.names)('%s has finite gradients for generator and critic', async (name) => {
    const model = await create(name, tiny[name].options);
    const random = new Random(3);
    const names = await expectNoLeaks(() =>
      tf.tidy(() => {
        const mode: Mode = { training: true };
        const real = tf.tensor5d(random.uniform(2 * 16 ** 3, -1, 1), [2, 16, 16, 16, 1]);
        const z0 = model.latents(2, random);
        const { value, grads } = tf.variableGrads(() => {
          const { samples, penalty = 0 } = model.generateWithPenalty?.(z0, mode) ?? {
            samples: model.generate(z0, mode),
          };
          expect(samples.shape).toEqual([2, 16, 16, 16, 1]);
          const fake = model.score(samples, mode).mean();
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
  });
});

describe('parameters, counted by hand, for 3 channels', () => {
  const count = async (name: string) => {
    const model = await create(name, {});
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

  it('TGAN', async () => {
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
    expect(await count('tgan')).toEqual(expected);
    expect(await count('tgan-z1')).toEqual(expected);
  });

  it('the 3D model', async () => {
    const generator =
      100 * 512 * 16 +
      64 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) +
      3 +
      batchNorm(512, 256, 128, 64);
    expect(await count('3d')).toEqual({ generator, critic });
  });

  it('VGAN', async () => {
    const foreground =
      16 * 100 * 512 +
      64 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3 + 64 * 1) +
      (3 + 1) +
      batchNorm(512, 256, 128, 64);
    const background =
      16 * (100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3) +
      3 +
      batchNorm(512, 256, 128, 64);
    expect(await count('vgan')).toEqual({ generator: foreground + background, critic });
  });
});
