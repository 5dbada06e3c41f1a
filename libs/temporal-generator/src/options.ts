import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';

const terms = z
  .int()
  .min(0)
  .max(16)
  .default(0)
  .describe(
    "terms of the polynomial in time that each number of z1 follows, reflected at -1 and 1; 0 for the paper's deconvolutions. With few terms, all motion is smooth",
  );

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
  })
  .check(mustHalve('frames', ({ terms, widths }) => (terms > 0 ? 0 : widths.length)));

/** Options of `createTemporalGenerator`; each has a default. */
export type TemporalGeneratorOptions = z.input<typeof temporalGeneratorOptions>;
