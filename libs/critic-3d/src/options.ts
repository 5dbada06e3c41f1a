import { classes, count, initialization, mustHalve, noise, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';

/** What `createCritic3d` takes; the defaults are the paper's (table 1). */
export const critic3dOptions = z
  .strictObject({
    /** Frames of a clip: a multiple of 2^widths.length. */
    frames: count.default(16),
    /** Height and width of a frame in pixels: a multiple of 2^widths.length. */
    imageSize: count.default(64),
    /** Channels of a frame: 1 for gray, 3 for color. */
    channels: count.default(3),
    /** Feature maps of each convolution but the last. */
    widths: widths.default([64, 128, 256, 512]),
    /** Slope of LeakyReLU below zero. At most 1, so that the activation stays 1-Lipschitz. */
    slope: z.number().min(0).max(1).default(0.2),
    /** Standard deviation of the noise before each LeakyReLU when training: 0.3 in the original's normal GAN. */
    noise,
    /** How many labels the clips have; 0 for none. */
    classes,
    /** How kernels start. */
    init: initialization.default('he'),
    /** Seed of the initial kernels and of the noise. */
    seed: z.int().default(0),
  })
  .check(
    mustHalve('frames', ({ widths }) => widths.length),
    mustHalve('imageSize', ({ widths }) => widths.length),
  );

/** Options of `createCritic3d`; each has a default. */
export type Critic3dOptions = z.input<typeof critic3dOptions>;
