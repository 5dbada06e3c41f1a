import type { Entry } from '@tgan/core';
import { critic3dOptions } from '@tgan/critic-3d/options';
import { mustHalve } from '@tgan/gan-layers/options';
import { imageDoublings, imageGeneratorOptions } from '@tgan/image-generator/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { seed, sharedShape } from './shared.js';
import { spriteShape, spritesFit } from './sprite-options.js';

/** The options of a Temporal GAN that draws every frame by itself. */
const frameShape = {
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

/** The options of a Temporal GAN, whatever its critic. */
export const temporalGanShape = { ...frameShape, ...spriteShape };

type FrameSizes = z.output<z.ZodObject<typeof frameShape>>;
type Sizes = z.output<z.ZodObject<typeof temporalGanShape>>;

const framesHalve = mustHalve<FrameSizes>('frames', ({ temporalWidths, criticWidths }) =>
  Math.max(temporalWidths.length, criticWidths.length),
);
const doublings = ({ imageWidths, finalConvolution }: FrameSizes) =>
  imageDoublings({ widths: imageWidths, finalConvolution });
const frameHalves = mustHalve<FrameSizes>('imageSize', (options) =>
  Math.max(doublings(options), options.criticWidths.length),
);
const criticHalves = mustHalve<Sizes>('imageSize', ({ criticWidths }) => criticWidths.length);
const spriteHalves = mustHalve<Sizes>('spriteSize', doublings);

/** Both the image generator's and the critic's layers fit what they make or see. */
export const imageHalves = (context: z.core.ParsePayload<Sizes>): void => {
  const { sprites, spriteSize } = context.value;
  if (sprites === 0 || spriteSize === undefined) return frameHalves(context);
  criticHalves(context);
  spriteHalves(context);
};

/** What a `VideoGan` takes; the defaults are the paper's, for color. */
export const videoGanOptions = z
  .strictObject({ ...temporalGanShape, seesZ0: imageGeneratorOptions.shape.seesZ0, seed })
  .check(framesHalve, imageHalves, spritesFit);

/** Options of a `VideoGan`; each has a default. */
export type VideoGanOptions = z.input<typeof videoGanOptions>;

const options = z.strictObject(temporalGanShape).check(framesHalve, imageHalves, spritesFit);

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

const z1Options = z.strictObject(frameShape).check(framesHalve, frameHalves);

/** The paper's baseline without z0 in the image generator. */
export const tganZ1: Entry<VideoModel, ModelContext, typeof z1Options> = {
  name: 'tgan-z1',
  description: 'the Temporal GAN whose image generator sees only z1',
  options: z1Options,
  async create(options, { seed }) {
    const { VideoGan } = await import('../video-gan.js');
    return new VideoGan({ ...options, seesZ0: false, seed });
  },
};
