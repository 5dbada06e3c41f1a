import type { Entry } from '@tgan/core';
import { critic3dOptions } from '@tgan/critic-3d/options';
import { mustHalve } from '@tgan/gan-layers/options';
import { imageDoublings, imageGeneratorOptions } from '@tgan/image-generator/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import { z } from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { seed, sharedShape } from './shared.js';

/** The options of a Temporal GAN, whatever its critic. */
export const temporalGanShape = {
  ...sharedShape,
  frameLatentSize: temporalGeneratorOptions.shape.frameLatentSize,
  temporalWidths: temporalGeneratorOptions.shape.widths.describe(
    "feature maps of the temporal generator's layers except the last",
  ),
  imageWidths: imageGeneratorOptions.shape.widths.describe(
    "feature maps of the image generator's layers except the last",
  ),
  finalConvolution: imageGeneratorOptions.shape.finalConvolution,
  batchNormBeta: temporalGeneratorOptions.shape.batchNormBeta.describe(
    'whether the batch norm of the temporal generator learns a shift',
  ),
  classes: critic3dOptions.shape.classes.describe('number of labels; 0 for an unconditional model'),
};

type Sizes = z.output<z.ZodObject<typeof temporalGanShape>>;
const framesHalve = mustHalve<Sizes>('frames', ({ temporalWidths, criticWidths }) =>
  Math.max(temporalWidths.length, criticWidths.length),
);
/** Both the image generator's and the critic's layers fit the frame. */
export const imageHalves = mustHalve<Sizes>(
  'imageSize',
  ({ imageWidths, finalConvolution, criticWidths }) =>
    Math.max(imageDoublings({ widths: imageWidths, finalConvolution }), criticWidths.length),
);

/** What a `VideoGan` takes; the defaults are the paper's, for color. */
export const videoGanOptions = z
  .strictObject({ ...temporalGanShape, seesZ0: imageGeneratorOptions.shape.seesZ0, seed })
  .check(framesHalve, imageHalves);

/** Options of a `VideoGan`; each has a default. */
export type VideoGanOptions = z.input<typeof videoGanOptions>;

const options = z.strictObject(temporalGanShape).check(framesHalve, imageHalves);

/** The Temporal GAN. */
export const tgan: Entry<VideoModel, ModelContext, typeof options> = {
  name: 'tgan',
  description: 'the Temporal GAN',
  options,
  async create(options, { seed }) {
    const { VideoGan } = await import('../video-gan.js');
    return new VideoGan({ ...options, seed });
  },
};

/** The paper's baseline without z0 in the image generator. */
export const tganZ1: Entry<VideoModel, ModelContext, typeof options> = {
  name: 'tgan-z1',
  description: 'the Temporal GAN whose image generator sees only z1',
  options,
  async create(options, { seed }) {
    const { VideoGan } = await import('../video-gan.js');
    return new VideoGan({ ...options, seesZ0: false, seed });
  },
};
