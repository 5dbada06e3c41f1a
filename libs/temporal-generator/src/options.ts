import { classes, count, initialization, mustHalve, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';

/** What `createTemporalGenerator` takes; the defaults are the paper's (table 1). */
export const temporalGeneratorOptions = z
  .strictObject({
    /** Size of z0 and of each frame's latent. */
    latentSize: count.default(100),
    /** Frames of a video: a multiple of 2^widths.length. */
    frames: count.default(16),
    /** Feature maps of each layer but the last. Every width is one doubling of time. */
    widths: widths.default([512, 256, 128, 128]),
    /** Whether batch norm learns a shift. The original's UCF-101 configurations do without. */
    batchNormBeta: z.boolean().default(true),
    /** How many labels the videos have; 0 for none. */
    classes,
    /** How kernels start. */
    init: initialization.default('he'),
    /** Seed of the initial kernels. */
    seed: z.int().default(0),
  })
  .check(mustHalve('frames', ({ widths }) => widths.length));

/** Options of `createTemporalGenerator`; each has a default. */
export type TemporalGeneratorOptions = z.input<typeof temporalGeneratorOptions>;
