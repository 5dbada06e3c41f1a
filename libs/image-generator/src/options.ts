import type { OptionsShape } from '@tgan/core';
import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';

/** Options of `createImageGenerator`. The defaults are the paper's (table 1). */
export interface ImageGeneratorOptions {
  /** Size of z0, and by default of the frame's latent, z1. Default 100. */
  readonly latentSize?: number;
  /** Size of the frame's latent, z1. Default: latentSize. */
  readonly frameLatentSize?: number;
  /** Height and width of a frame in pixels: a multiple of 2^doublings. Default 64. */
  readonly imageSize?: number;
  /** Channels of a frame: 1 for gray, 3 for color. Default 3. */
  readonly channels?: number;
  /**
   * Feature maps of each layer except the last. The first entry is for the joined latents, half for
   * each; the others are for each doubling of the image. A label adds another half to the first.
   * Default [512, 256, 128, 64, 32].
   */
  readonly widths?: readonly number[];
  /** Whether batch norm learns a shift. Default true. */
  readonly batchNormBeta?: boolean;
  /**
   * Whether it sees the latent of the video, z0, too. The paper's baseline without z0 is worse.
   * Default true.
   */
  readonly seesZ0?: boolean;
  /**
   * Whether it sees the latent of the frame. Without it, it draws one picture for the whole video.
   * Default true.
   */
  readonly seesZ1?: boolean;
  /**
   * Whether the last layer is a 3x3 convolution. Otherwise it is a deconvolution, as in DCGAN,
   * which is faster. Default true.
   */
  readonly finalConvolution?: boolean;
  /** Number of labels. Default 0: an unconditional model. */
  readonly classes?: number;
  /** How kernels are initialized. Default `uniform`. */
  readonly initializer?: 'uniform' | 'he' | 'lecun';
  /** Seed of the initial kernels. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link ImageGeneratorOptions}. */
export const imageGeneratorOptions = z
  .strictObject({
    latentSize: count.default(100).describe("size of z0, and by default of the frame's latent, z1"),
    frameLatentSize: count
      .optional()
      .describe("size of the frame's latent, z1 (default: latentSize)"),
    imageSize: count
      .default(64)
      .describe('height and width of a frame in pixels: a multiple of 2^doublings'),
    channels: count.default(3).describe('channels of a frame: 1 for gray, 3 for color'),
    widths: widths
      .refine(([joined]) => joined % 2 === 0, {
        error: ({ input }) =>
          `the first width is split between the two latents and must be even, got ${(input as number[])[0]}`,
      })
      .default([512, 256, 128, 64, 32]),
    batchNormBeta: z.boolean().default(true).describe('whether batch norm learns a shift'),
    seesZ0: z
      .boolean()
      .default(true)
      .describe(
        "whether it sees the latent of the video, z0, too. The paper's baseline without z0 is worse",
      ),
    seesZ1: z
      .boolean()
      .default(true)
      .describe(
        'whether it sees the latent of the frame. Without it, it draws one picture for the whole video',
      ),
    finalConvolution: z
      .boolean()
      .default(true)
      .describe(
        'whether the last layer is a 3x3 convolution. Otherwise it is a deconvolution, as in DCGAN, ' +
          'which is faster',
      ),
    classes: classes.describe('number of labels; 0 for an unconditional model'),
    initializer: initializer.default('uniform').describe('how kernels are initialized'),
    seed: z.int().default(0).describe('seed of the initial kernels'),
  } satisfies OptionsShape<ImageGeneratorOptions>)
  .refine(({ seesZ0, seesZ1 }) => seesZ0 || seesZ1, {
    path: ['seesZ1'],
    error: 'it must see z0, z1 or both',
  })
  .check(mustHalve('imageSize', (options) => imageDoublings(options)));

/**
 * How many times the image doubles: once for each width except the first, and once for the frame.
 */
export function imageDoublings(options: {
  readonly widths: readonly number[];
  readonly finalConvolution: boolean;
}): number {
  return options.widths.length - (options.finalConvolution ? 1 : 0);
}
