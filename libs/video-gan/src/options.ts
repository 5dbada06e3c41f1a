import { critic3dOptions } from '@tgan/critic-3d/options';
import { imageGeneratorOptions } from '@tgan/image-generator/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import { initialisation, mustHalve } from '@tgan/gan-layers/options';
import { z } from 'zod';

/** What a `VideoGan` takes; the defaults are the paper's, for colour. */
export const videoGanOptions = z
  .strictObject({
    /** Size of z0 and of each frame's latent. */
    latentSize: temporalGeneratorOptions.shape.latentSize,
    /** Frames of a clip. */
    frames: critic3dOptions.shape.frames,
    /** Height and width of a frame in pixels. */
    imageSize: critic3dOptions.shape.imageSize,
    /** Channels of a frame: 1 for grey, 3 for colour. */
    channels: critic3dOptions.shape.channels,
    /** Feature maps of the temporal generator's layers, see `createTemporalGenerator`. */
    temporalWidths: temporalGeneratorOptions.shape.widths,
    /** Feature maps of the image generator's layers, see `createImageGenerator`. */
    imageWidths: imageGeneratorOptions.shape.widths,
    /** Feature maps of the critic's layers, see `createCritic3d`. */
    criticWidths: critic3dOptions.shape.widths,
    /** Slope of the critic's LeakyReLU below zero. */
    slope: critic3dOptions.shape.slope,
    /** Whether batch norm learns a shift in the temporal generator. */
    batchNormBeta: temporalGeneratorOptions.shape.batchNormBeta,
    /** How kernels start: `paper` is He for the temporal generator and the critic, uniform for the image generator. */
    init: z.enum(['paper', ...initialisation.options]).default('paper'),
    /** Seed of the initial kernels. */
    seed: z.int().default(0),
  })
  .check(
    mustHalve('frames', ({ temporalWidths, criticWidths }) =>
      Math.max(temporalWidths.length, criticWidths.length),
    ),
    mustHalve('imageSize', ({ imageWidths, criticWidths }) =>
      Math.max(imageWidths.length - 1, criticWidths.length),
    ),
  );

/** Options of a `VideoGan`; each has a default. */
export type VideoGanOptions = z.input<typeof videoGanOptions>;
