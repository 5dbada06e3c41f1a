import type { OptionsShape } from '@tgan/core';
import { critic3dOptions } from '@tgan/critic-3d/options';
import { initializer, widths } from '@tgan/gan-layers/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import * as z from 'zod';

const critic = critic3dOptions.shape;

/** The options that every video model has: the sizes of its clips, and its critic. */
export interface SharedModelOptions {
  /** Size of z0, and by default of the latents of the frames. Default 100. */
  readonly latentSize?: number;
  /** Frames of a clip. Default 16. */
  readonly frames?: number;
  /** Height and width of a frame in pixels. Default 64. */
  readonly imageSize?: number;
  /** Channels of a frame: 1 for gray, 3 for color. Default 3. */
  readonly channels?: number;
  /** Feature maps of the critic's layers except the last. Default [64, 128, 256, 512]. */
  readonly criticWidths?: readonly number[];
  /** Alpha of the critic's LeakyReLU, its slope below zero, from 0 to 1. Default 0.2. */
  readonly leakyReluAlpha?: number;
  /**
   * Standard deviation of the noise before each LeakyReLU of the critic in training: 0.3 in the
   * original's normal GAN. Default 0.
   */
  readonly noise?: number;
  /**
   * How kernels are initialized: `uniform`, `he` or `lecun` for all of them; `paper` is He and
   * `original` is LeCun, both with a uniform image generator. Default `paper`.
   */
  readonly initializer?: 'paper' | 'original' | 'uniform' | 'he' | 'lecun';
}

/** The schemas of {@link SharedModelOptions}. */
export const sharedShape = {
  latentSize: temporalGeneratorOptions.shape.latentSize.describe(
    'size of z0, and by default of the latents of the frames',
  ),
  frames: critic.frames.describe('frames of a clip'),
  imageSize: critic.imageSize.describe('height and width of a frame in pixels'),
  channels: critic.channels.describe('channels of a frame: 1 for gray, 3 for color'),
  criticWidths: critic.widths.describe("feature maps of the critic's layers except the last"),
  leakyReluAlpha: critic.leakyReluAlpha.describe(
    "alpha of the critic's LeakyReLU, its slope below zero, from 0 to 1",
  ),
  noise: critic.noise.describe(
    'standard deviation of the noise before each LeakyReLU of the critic (normal GAN: 0.3)',
  ),
  // In `paper` and `original` the image generator starts uniformly. The paper does not say how its
  // baselines start.
  initializer: z
    .enum(['paper', 'original', ...initializer.options])
    .default('paper')
    .describe(
      'how kernels are initialized: uniform, he or lecun for all of them; paper is He and ' +
        'original is LeCun, both with a uniform image generator',
    ),
} satisfies OptionsShape<SharedModelOptions>;

/** The seed of a model: of its initial kernels and of its noise. */
export const seed = z.int().default(0).describe('seed of the initial kernels and of the noise');

/** The initializer of every network but an image generator. */
export const initializerOf = (name: z.output<typeof sharedShape.initializer>) =>
  name === 'paper' ? 'he' : name === 'original' ? 'lecun' : name;

/** The initializer of an image generator. */
export const imageInitializerOf = (name: z.output<typeof sharedShape.initializer>) =>
  name === 'paper' || name === 'original' ? 'uniform' : name;

/** The options that the paper's baselines have. */
export interface BaselineOptions extends SharedModelOptions {
  /**
   * Feature maps of the generator's layers except the last; each doubles time and image. Default
   * [512, 256, 128, 64].
   */
  readonly generatorWidths?: readonly number[];
}

/** The schemas of {@link BaselineOptions}. */
export const baselineShape = {
  ...sharedShape,
  generatorWidths: widths
    .default([512, 256, 128, 64])
    .describe(
      "feature maps of the generator's layers except the last; each doubles time and image",
    ),
} satisfies OptionsShape<BaselineOptions>;

/** How many layers of stride 2 a baseline has on either side. */
export const baselineDepth = (options: z.output<z.ZodObject<typeof baselineShape>>) =>
  Math.max(options.generatorWidths.length, options.criticWidths.length);
