import { classes, count, initializer, mustHalve, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';

/** What `createImageGenerator` takes; the defaults are the paper's (table 1). */
export const imageGeneratorOptions = z
  .strictObject({
    latentSize: count.default(100).describe("size of z0, and of the frame's latent unless told"),
    frameLatentSize: count
      .optional()
      .describe("size of the frame's latent, z1; latentSize unless told"),
    imageSize: count
      .default(64)
      .describe('height and width of a frame in pixels: a multiple of 2^doublings'),
    channels: count.default(3).describe('channels of a frame: 1 for gray, 3 for color'),
    /**
     * Feature maps of each layer but the last: first those of the joined latents, half of them from
     * each, then one for every doubling of the image. A label adds another half to the first.
     */
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
        "whether it sees the latent of the video, z0, beside that of the frame. The paper's baseline without it is worse",
      ),
    finalConvolution: z
      .boolean()
      .default(true)
      .describe(
        'whether a 3x3 convolution makes the frame. Without it a last deconvolution does (DCGAN), ' +
          'which spares the layers of few channels at full size',
      ),
    classes: classes.describe('how many labels the videos have; 0 for none'),
    initializer: initializer.default('uniform').describe('how kernels start'),
    seed: z.int().default(0).describe('seed of the initial kernels'),
  })
  .check(mustHalve('imageSize', (options) => imageDoublings(options)));

/** How many times the image doubles: for each width but the first, and to the frame itself. */
export function imageDoublings(options: {
  readonly widths: readonly number[];
  readonly finalConvolution: boolean;
}): number {
  return options.widths.length - (options.finalConvolution ? 1 : 0);
}

/** Options of `createImageGenerator`; each has a default. */
export type ImageGeneratorOptions = z.input<typeof imageGeneratorOptions>;
