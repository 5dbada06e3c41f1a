import type { OptionsShape } from '@tgan/core';
import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';

const terms = z
  .int()
  .min(0)
  .max(16)
  .default(0)
  .describe(
    "terms of the polynomial in time that each number of z1 follows, reflected at -1 and 1; 0 for the paper's deconvolutions. With few terms, all motion is smooth",
  );

/** Options of `createTemporalGenerator`. The defaults are the paper's (table 1). */
export interface TemporalGeneratorOptions {
  /** Size of z0, and by default of each frame's latent, z1. Default 100. */
  readonly latentSize?: number;
  /**
   * Size of each frame's latent, z1. Default: latentSize. A small z1 can only say how things move,
   * not how they look.
   */
  readonly frameLatentSize?: number;
  /** Frames of a video: a multiple of 2^widths.length. Default 16. */
  readonly frames?: number;
  /**
   * Terms of the polynomial in time that each number of z1 follows, reflected at -1 and 1. With few
   * terms, all motion is smooth. Default 0: the paper's deconvolutions.
   */
  readonly terms?: number;
  /**
   * Feature maps of each layer except the last. Each width doubles the number of frames. With
   * `terms`: units of dense layers. Default [512, 256, 128, 128].
   */
  readonly widths?: readonly number[];
  /** Whether batch norm learns a shift. The original's configurations do not. Default true. */
  readonly batchNormBeta?: boolean;
  /** Number of labels. Default 0: an unconditional model. */
  readonly classes?: number;
  /** How kernels are initialized. Default `he`. */
  readonly initializer?: 'uniform' | 'he' | 'lecun';
  /** Seed of the initial kernels. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link TemporalGeneratorOptions}. */
export const temporalGeneratorOptions = z
  .strictObject({
    latentSize: count
      .default(100)
      .describe("size of z0, and by default of each frame's latent, z1"),
    frameLatentSize: count
      .optional()
      .describe(
        "size of each frame's latent, z1 (default: latentSize). A small z1 can only say how things " +
          'move, not how they look',
      ),
    frames: count.default(16).describe('frames of a video: a multiple of 2^widths.length'),
    terms,
    widths: widths
      .default([512, 256, 128, 128])
      .describe(
        'feature maps of each layer except the last. Each width doubles the number of frames. With ' +
          'terms: units of dense layers',
      ),
    batchNormBeta: z
      .boolean()
      .default(true)
      .describe("whether batch norm learns a shift. The original's configurations do not"),
    classes: classes.describe('number of labels; 0 for an unconditional model'),
    initializer: initializer.default('he').describe('how kernels are initialized'),
    seed: z.int().default(0).describe('seed of the initial kernels'),
  } satisfies OptionsShape<TemporalGeneratorOptions>)
  .check(mustHalve('frames', ({ terms, widths }) => (terms > 0 ? 0 : widths.length)));
