import type { OptionsShape } from '@tgan/core';
import { count, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';
import { critic3dOptions } from './options.js';

const critic = critic3dOptions.shape;

/** Options of `createDualCritic`; each has a default. */
export interface DualCriticOptions {
  /** Frames of a clip. Default 16. */
  readonly frames?: number;
  /** Height and width of a frame in pixels: a multiple of 2^frameWidths.length. Default 64. */
  readonly imageSize?: number;
  /** Channels of a frame: 1 for gray, 3 for color. Default 3. */
  readonly channels?: number;
  /** How many times smaller the frames are that the critic of clips sees. Default 2. */
  readonly pooling?: number;
  /** Feature maps of each convolution over the clip, except the last. Default [64, 128, 256]. */
  readonly widths?: readonly number[];
  /**
   * Feature maps of each convolution over a single frame of full size, except the last. Default
   * [64, 128, 256].
   */
  readonly frameWidths?: readonly number[];
  /**
   * Alpha of LeakyReLU, its slope below zero; at most 1, so that it is 1-Lipschitz. Default 0.2.
   */
  readonly leakyReluAlpha?: number;
  /** Standard deviation of the noise before each LeakyReLU when training. Default 0. */
  readonly noise?: number;
  /** Number of labels. Default 0, an unconditional critic. */
  readonly classes?: number;
  /** How kernels are initialized. Default `he`. */
  readonly initializer?: 'uniform' | 'he' | 'lecun';
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** How many times smaller the frames are that the critic of clips sees. */
const pooling = count
  .default(2)
  .describe(
    'how many times smaller than the clip the frames are that the critic of clips sees; each pixel ' +
      'is a mean',
  );

const shape = {
  frames: count.default(16).describe('frames of a clip'),
  imageSize: count
    .default(64)
    .describe('height and width of a frame in pixels: a multiple of 2^frameWidths.length'),
  channels: critic.channels,
  pooling,
  widths: widths
    .default([64, 128, 256])
    .describe('feature maps of each convolution over the clip, except the last'),
  frameWidths: widths
    .default([64, 128, 256])
    .describe('feature maps of each convolution over a single frame of full size, except the last'),
  leakyReluAlpha: critic.leakyReluAlpha,
  noise: critic.noise,
  classes: critic.classes,
  initializer: critic.initializer,
  seed: critic.seed,
} satisfies OptionsShape<DualCriticOptions>;
type Sizes = z.output<z.ZodObject<typeof shape>>;

/** The schema of {@link DualCriticOptions}. */
export const dualCriticOptions = z.strictObject(shape).check(
  mustHalve<Sizes>('imageSize', ({ frameWidths }) => frameWidths.length),
  ({ value, issues }) => {
    const { imageSize, pooling, widths } = value;
    if (imageSize % (pooling * 2 ** widths.length) === 0) return;
    issues.push({
      code: 'custom',
      path: ['pooling'],
      input: pooling,
      continue: true,
      message:
        `frames of ${imageSize} pixels, ${pooling} times smaller, do not fit ${widths.length} ` +
        `layers of stride 2: imageSize must be a multiple of ${pooling * 2 ** widths.length}`,
    });
  },
);
