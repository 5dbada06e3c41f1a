import type { Entry, OptionsShape } from '@tgan/core';
import { critic3dOptions } from '@tgan/critic-3d/options';
import { mustHalve } from '@tgan/gan-layers/options';
import { imageDoublings, imageGeneratorOptions } from '@tgan/image-generator/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { seed, sharedShape, type SharedModelOptions } from './shared.js';
import { spriteShape, spritesFit, type SpriteOptions } from './sprite-options.js';

/** The options of a Temporal GAN that draws every frame by itself. */
interface FrameOptions extends SharedModelOptions {
  /**
   * Size of each frame's latent, z1. Default: latentSize. A small z1 can only say how things move,
   * not how they look.
   */
  readonly frameLatentSize?: number;
  /**
   * Feature maps of the temporal generator's layers except the last. Each doubles the number of
   * frames. Default [512, 256, 128, 128].
   */
  readonly temporalWidths?: readonly number[];
  /**
   * Terms of the polynomial in time that each number of z1 follows, reflected at -1 and 1. With few
   * terms, all motion is smooth, and `temporalWidths` are units of dense layers. Default 0: the
   * paper's deconvolutions.
   */
  readonly temporalTerms?: number;
  /**
   * Feature maps of the image generator's layers except the last. The first is for the joined
   * latents, half for each. Default [512, 256, 128, 64, 32].
   */
  readonly imageWidths?: readonly number[];
  /**
   * Whether the last layer of the image generator is a 3x3 convolution. Otherwise it is a
   * deconvolution, as in DCGAN, which is faster. Default true.
   */
  readonly finalConvolution?: boolean;
  /** Whether the batch norm of the temporal generator learns a shift. Default true. */
  readonly batchNormBeta?: boolean;
  /** Number of labels. Default 0: an unconditional model. */
  readonly classes?: number;
}

/** The schemas of {@link FrameOptions}. */
const frameShape = {
  ...sharedShape,
  frameLatentSize: temporalGeneratorOptions.shape.frameLatentSize,
  temporalWidths: temporalGeneratorOptions.shape.widths.describe(
    "feature maps of the temporal generator's layers except the last",
  ),
  temporalTerms: temporalGeneratorOptions.shape.terms,
  imageWidths: imageGeneratorOptions.shape.widths.describe(
    "feature maps of the image generator's layers except the last",
  ),
  finalConvolution: imageGeneratorOptions.shape.finalConvolution,
  batchNormBeta: temporalGeneratorOptions.shape.batchNormBeta.describe(
    'whether the batch norm of the temporal generator learns a shift',
  ),
  classes: critic3dOptions.shape.classes.describe('number of labels; 0 for an unconditional model'),
} satisfies OptionsShape<FrameOptions>;

/** The options of a Temporal GAN, whatever its critic. */
export interface TemporalGanOptions extends FrameOptions, SpriteOptions {}

/** The schemas of {@link TemporalGanOptions}. */
export const temporalGanShape = {
  ...frameShape,
  ...spriteShape,
} satisfies OptionsShape<TemporalGanOptions>;

type FrameSizes = z.output<z.ZodObject<typeof frameShape>>;
type Sizes = z.output<z.ZodObject<typeof temporalGanShape>>;

/** The frames of a video fit the temporal generator's layers. */
export const framesHalve = mustHalve<FrameSizes>('frames', ({ temporalTerms, temporalWidths }) =>
  temporalTerms > 0 ? 0 : temporalWidths.length,
);
const criticFramesHalve = mustHalve<FrameSizes>(
  'frames',
  ({ criticWidths }) => criticWidths.length,
);
const criticHalves = mustHalve<FrameSizes>('imageSize', ({ criticWidths }) => criticWidths.length);

const doublings = ({ imageWidths, finalConvolution }: FrameSizes) =>
  imageDoublings({ widths: imageWidths, finalConvolution });
const frameHalves = mustHalve<FrameSizes>('imageSize', doublings);
const spriteHalves = mustHalve<Sizes>('spriteSize', doublings);

/** What the image generator draws fits its layers. */
export const generatorHalves = (context: z.core.ParsePayload<Sizes>): void =>
  context.value.sprites > 0 ? spriteHalves(context) : frameHalves(context);

const criticFits = [criticFramesHalve, criticHalves] as const;

/** Options of a `VideoGan`. The defaults are the paper's, for color. */
export interface VideoGanOptions extends TemporalGanOptions {
  /**
   * Whether the image generator sees the latent of the video, z0, too. The paper's baseline without
   * z0 is worse. Default true.
   */
  readonly seesZ0?: boolean;
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link VideoGanOptions} where the critic is not the paper's. */
export const anyCriticOptions = z
  .strictObject({
    ...temporalGanShape,
    seesZ0: imageGeneratorOptions.shape.seesZ0,
    seed,
  } satisfies OptionsShape<VideoGanOptions>)
  .check(framesHalve, generatorHalves, spritesFit);

/** The schema of {@link VideoGanOptions}. */
export const videoGanOptions = anyCriticOptions.check(...criticFits);

const options = z
  .strictObject(temporalGanShape)
  .check(framesHalve, generatorHalves, spritesFit, ...criticFits);

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

const z1Options = z.strictObject(frameShape).check(framesHalve, frameHalves, ...criticFits);

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
