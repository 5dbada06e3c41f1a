import type { OptionsShape } from '@tgan/core';
import { count, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';
import { critic3dOptions } from './options.js';

const critic = critic3dOptions.shape;

/** Options of `createGlimpseCritic`; each has a default. */
export interface GlimpseCriticOptions {
  /** Number of frames of a clip that the critic sees at once. Default 4. */
  readonly glimpseFrames?: number;
  /** Height and width of a frame in pixels: a multiple of 2^widths.length. Default 64. */
  readonly imageSize?: number;
  /** Channels of a frame: 1 for gray, 3 for color. Default 3. */
  readonly channels?: number;
  /** Feature maps of each convolution except the last. Default [64, 128, 256, 512]. */
  readonly widths?: readonly number[];
  /**
   * Feature maps of the layers of a further critic that sees the glimpse's first frame, but the
   * last. Default: no such critic.
   */
  readonly frameWidths?: readonly number[];
  /**
   * Alpha of LeakyReLU, its slope below zero; at most 1, so that it is 1-Lipschitz. Default 0.2.
   */
  readonly leakyReluAlpha?: number;
  /**
   * Standard deviation of the noise before each LeakyReLU when training: 0.3 in the original's
   * normal GAN. Default 0.
   */
  readonly noise?: number;
  /** Number of labels. Default 0, an unconditional critic. */
  readonly classes?: number;
  /** How kernels are initialized. Default `he`. */
  readonly initializer?: 'uniform' | 'he' | 'lecun';
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link GlimpseCriticOptions}. */
export const glimpseCriticOptions = z
  .strictObject({
    glimpseFrames: count
      .min(2)
      .default(4)
      .describe('number of frames of a clip that the critic sees at once'),
    imageSize: critic.imageSize,
    channels: critic.channels,
    widths: critic.widths,
    frameWidths: widths
      .optional()
      .describe(
        "feature maps of the layers of a further critic that sees the glimpse's first frame, but the " +
          'last; no such critic unless told',
      ),
    leakyReluAlpha: critic.leakyReluAlpha,
    noise: critic.noise,
    classes: critic.classes,
    initializer: critic.initializer,
    seed: critic.seed,
  } satisfies OptionsShape<GlimpseCriticOptions>)
  .check(
    mustHalve('imageSize', ({ widths, frameWidths = [] }) =>
      Math.max(widths.length, frameWidths.length),
    ),
  );

/** The channels of a glimpse: those of its frames, and the planes of their distance and time. */
export function glimpseChannels(options: {
  readonly glimpseFrames: number;
  readonly channels: number;
}): number {
  return options.glimpseFrames * options.channels + 2;
}
