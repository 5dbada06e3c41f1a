import type { OptionsShape } from '@tgan/core';
import { classes, count, initializer, mustHalve, noise, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';

/** Options of `createCritic3d`. The defaults are the paper's (table 1). */
export interface Critic3dOptions {
  /** Frames of a clip: a multiple of 2^widths.length. Default 16. */
  readonly frames?: number;
  /** Height and width of a frame in pixels: a multiple of 2^widths.length. Default 64. */
  readonly imageSize?: number;
  /** Channels of a frame: 1 for gray, 3 for color. Default 3. */
  readonly channels?: number;
  /** Feature maps of each convolution except the last. Default [64, 128, 256, 512]. */
  readonly widths?: readonly number[];
  /**
   * Alpha of LeakyReLU, its slope below zero; at most 1, so that it is 1-Lipschitz. Default 0.2.
   */
  readonly leakyReluAlpha?: number;
  /**
   * Standard deviation of the noise before each LeakyReLU when training: 0.3 in the original's
   * normal GAN. Default 0.
   */
  readonly noise?: number;
  /** Number of labels. Default 0: an unconditional critic. */
  readonly classes?: number;
  /** How kernels are initialized. Default `he`. */
  readonly initializer?: 'uniform' | 'he' | 'lecun';
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link Critic3dOptions}. */
export const critic3dOptions = z
  .strictObject({
    frames: count.default(16).describe('frames of a clip: a multiple of 2^widths.length'),
    imageSize: count
      .default(64)
      .describe('height and width of a frame in pixels: a multiple of 2^widths.length'),
    channels: count.default(3).describe('channels of a frame: 1 for gray, 3 for color'),
    widths: widths
      .default([64, 128, 256, 512])
      .describe('feature maps of each convolution except the last'),
    leakyReluAlpha: z
      .number()
      .min(0)
      .max(1)
      .default(0.2)
      .describe('alpha of LeakyReLU, its slope below zero; at most 1, so that it is 1-Lipschitz'),
    noise: noise.describe(
      "standard deviation of the noise before each LeakyReLU when training: 0.3 in the original's normal GAN",
    ),
    classes: classes.describe('number of labels; 0 for an unconditional critic'),
    initializer: initializer.default('he').describe('how kernels are initialized'),
    seed: z.int().default(0).describe('seed of the initial kernels and of the noise'),
  } satisfies OptionsShape<Critic3dOptions>)
  .check(
    mustHalve('frames', ({ widths }) => widths.length),
    mustHalve('imageSize', ({ widths }) => widths.length),
  );
