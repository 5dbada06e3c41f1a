import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';

/** What `createTemporalGenerator` takes; the defaults are the paper's (table 1). */
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
    widths: widths
      .default([512, 256, 128, 128])
      .describe(
        'feature maps of each layer except the last. Each width doubles the number of frames',
      ),
    batchNormBeta: z
      .boolean()
      .default(true)
      .describe("whether batch norm learns a shift. The original's configurations do not"),
    classes: classes.describe('number of labels; 0 for an unconditional model'),
    initializer: initializer.default('he').describe('how kernels are initialized'),
    seed: z.int().default(0).describe('seed of the initial kernels'),
  })
  .check(mustHalve('frames', ({ widths }) => widths.length));

/** Options of `createTemporalGenerator`; each has a default. */
export type TemporalGeneratorOptions = z.input<typeof temporalGeneratorOptions>;
