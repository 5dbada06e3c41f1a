import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';

/** What `createTemporalGenerator` takes; the defaults are the paper's (table 1). */
export const temporalGeneratorOptions = z
  .strictObject({
    latentSize: count.default(100).describe("size of z0, and of each frame's latent unless told"),
    frameLatentSize: count
      .optional()
      .describe(
        "size of each frame's latent, z1; latentSize unless told. A small one leaves no room for " +
          'what is seen, only for how it moves',
      ),
    frames: count.default(16).describe('frames of a video: a multiple of 2^widths.length'),
    widths: widths
      .default([512, 256, 128, 128])
      .describe('feature maps of each layer but the last. Every width is one doubling of time'),
    batchNormBeta: z
      .boolean()
      .default(true)
      .describe(
        "whether batch norm learns a shift. The original's UCF-101 configurations do without",
      ),
    classes: classes.describe('how many labels the videos have; 0 for none'),
    initializer: initializer.default('he').describe('how kernels start'),
    seed: z.int().default(0).describe('seed of the initial kernels'),
  })
  .check(mustHalve('frames', ({ widths }) => widths.length));

/** Options of `createTemporalGenerator`; each has a default. */
export type TemporalGeneratorOptions = z.input<typeof temporalGeneratorOptions>;
