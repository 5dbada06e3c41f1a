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
  sprites: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe(
      'pictures that are drawn once for each video and moved from frame to frame; 0 draws every ' +
        'frame by itself',
    ),
  spriteSize: z
    .int()
    .min(1)
    .optional()
    .describe('height and width of a sprite in pixels; imageSize unless told'),
  wholePixels: z
    .boolean()
    .default(false)
    .describe('whether sprites stand on whole pixels, as digits of Moving MNIST do'),
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
const spritesHalve = mustHalve<Sizes>('spriteSize', imageGeneratorDoublings);
const criticHalves = mustHalve<Sizes>('imageSize', ({ criticWidths }) => criticWidths.length);
const frameHalves = mustHalve<Sizes>('imageSize', (options) =>
  Math.max(imageGeneratorDoublings(options), options.criticWidths.length),
);

function imageGeneratorDoublings({ imageWidths, finalConvolution }: Sizes): number {
  return imageDoublings({ widths: imageWidths, finalConvolution });
}

/** Both the image generator's and the critic's layers fit what they make or see. */
export const imageHalves = (context: z.core.ParsePayload<Sizes>): void => {
  const { sprites, spriteSize } = context.value;
  if (sprites === 0 || spriteSize === undefined) return frameHalves(context);
  spritesHalve(context);
  criticHalves(context);
};

/** Sprites have two numbers a frame each: their place. */
export const spritesHavePlaces = (context: z.core.ParsePayload<Sizes>): void => {
  const { sprites, spriteSize, frameLatentSize } = context.value;
  const refuse = (field: 'spriteSize' | 'frameLatentSize', message: string) =>
    context.issues.push({
      code: 'custom',
      path: [field],
      input: context.value[field],
      continue: true,
      message,
    });
  if (sprites === 0 && spriteSize !== undefined) refuse('spriteSize', 'there are no sprites');
  if (sprites > 0 && frameLatentSize !== undefined && frameLatentSize !== 2 * sprites) {
    refuse('frameLatentSize', `${sprites} sprites take ${2 * sprites} numbers a frame`);
  }
};

/** What a `VideoGan` takes; the defaults are the paper's, for color. */
export const videoGanOptions = z
  .strictObject({ ...temporalGanShape, seesZ0: imageGeneratorOptions.shape.seesZ0, seed })
  .check(framesHalve, imageHalves, spritesHavePlaces);

/** Options of a `VideoGan`; each has a default. */
export type VideoGanOptions = z.input<typeof videoGanOptions>;

const options = z.strictObject(temporalGanShape).check(framesHalve, imageHalves, spritesHavePlaces);

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
