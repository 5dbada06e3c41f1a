import { critic3dOptions } from '@tgan/critic-3d/options';
import { imageGeneratorOptions } from '@tgan/image-generator/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import { initialization, mustHalve, widths } from '@tgan/gan-layers/options';
import { parseOptions } from '@tgan/core';
import { z } from 'zod';

export * from './manipulation-options.js';

/** What every model has: the sizes of its clips, and the critic. */
const shared = {
  /** Size of z0 (and of each frame's latent, where frames have one). */
  latentSize: temporalGeneratorOptions.shape.latentSize,
  /** Frames of a clip. */
  frames: critic3dOptions.shape.frames,
  /** Height and width of a frame in pixels. */
  imageSize: critic3dOptions.shape.imageSize,
  /** Channels of a frame: 1 for gray, 3 for color. */
  channels: critic3dOptions.shape.channels,
  /** Feature maps of the critic's layers, see `createCritic3d`. */
  criticWidths: critic3dOptions.shape.widths,
  /** Slope of the critic's LeakyReLU below zero. */
  slope: critic3dOptions.shape.slope,
  /** Standard deviation of the noise before each of them when training: 0.3 in the original's normal GAN. */
  noise: critic3dOptions.shape.noise,
  /**
   * How kernels start. `paper` is He for everything, and `original` LeCun, as in the original code's first UCF-101
   * configurations; but in both the image generator of a Temporal GAN starts uniformly. (The paper does not say how its
   * rivals start.) The others are for all kernels alike.
   */
  init: z.enum(['paper', 'original', ...initialization.options]).default('paper'),
  /** Seed of the initial kernels and of the noise. */
  seed: z.int().default(0),
};

/** How the kernels start of everything but an image generator. */
export const startOf = (init: z.output<typeof shared.init>) =>
  init === 'paper' ? 'he' : init === 'original' ? 'lecun' : init;

/** How the kernels of an image generator start. */
export const imageStartOf = (init: z.output<typeof shared.init>) =>
  init === 'paper' || init === 'original' ? 'uniform' : init;

/** What a `VideoGan` takes; the defaults are the paper's, for color. */
export const videoGanOptions = z
  .strictObject({
    ...shared,
    /** Feature maps of the temporal generator's layers, see `createTemporalGenerator`. */
    temporalWidths: temporalGeneratorOptions.shape.widths,
    /** Feature maps of the image generator's layers, see `createImageGenerator`. */
    imageWidths: imageGeneratorOptions.shape.widths,
    /** Whether batch norm learns a shift in the temporal generator. */
    batchNormBeta: temporalGeneratorOptions.shape.batchNormBeta,
    /** Whether the image generator sees z0 beside z1. */
    seesZ0: imageGeneratorOptions.shape.seesZ0,
    /** How many labels the clips have; 0 for none. */
    classes: critic3dOptions.shape.classes,
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

const rival = {
  ...shared,
  /** Feature maps of the generator's layers but the last. Every width is one doubling of time and of the image. */
  generatorWidths: widths.default([512, 256, 128, 64]),
};
const rivalDepth = ({ generatorWidths, criticWidths }: z.output<z.ZodObject<typeof rival>>) =>
  Math.max(generatorWidths.length, criticWidths.length);

/** What a `Conv3dGan` takes; the defaults are the paper's. */
export const conv3dGanOptions = z
  .strictObject(rival)
  .check(mustHalve('frames', rivalDepth), mustHalve('imageSize', rivalDepth));

/** Options of a `Conv3dGan`; each has a default. */
export type Conv3dGanOptions = z.input<typeof conv3dGanOptions>;

/** What a `Vgan` takes; the defaults are the paper's. */
export const vganOptions = z
  .strictObject({
    ...rival,
    /** What the generator pays for a foreground: this times the mean of the mask (Vondrick et al. 2016). */
    maskPenalty: z.number().min(0).default(0.1),
  })
  .check(mustHalve('frames', rivalDepth), mustHalve('imageSize', rivalDepth));

/** Options of a `Vgan`; each has a default. */
export type VganOptions = z.input<typeof vganOptions>;

const models = {
  tgan: videoGanOptions.safeExtend({ model: z.literal('tgan').default('tgan') }),
  'tgan-z1': videoGanOptions.safeExtend({
    model: z.literal('tgan-z1'),
    seesZ0: z.literal(false).default(false),
  }),
  '3d': conv3dGanOptions.safeExtend({ model: z.literal('3d') }),
  vgan: vganOptions.safeExtend({ model: z.literal('vgan') }),
};

/** The name of a model that `createVideoModel` makes. */
export type VideoModelName = keyof typeof models;

/** The names of the models that `createVideoModel` makes. */
export const videoModelNames = Object.keys(models) as VideoModelName[];

/**
 * What `createVideoModel` takes: the name of a model and that model's options.
 *
 * - `tgan`, the default: the Temporal GAN;
 * - `tgan-z1`: the same, but its image generator sees z1 alone;
 * - `3d`: the 3-D deconvolution model;
 * - `vgan`: VGAN, two streams and a mask.
 */
export const videoModelOptions = z.discriminatedUnion(
  'model',
  [models.tgan, models['tgan-z1'], models['3d'], models.vgan],
  { error: `one of ${videoModelNames.join(', ')}` },
);

/** Options of `createVideoModel`; each has a default. */
export type VideoModelOptions = z.input<typeof videoModelOptions>;

/**
 * Checks options of `createVideoModel` and fills in their defaults, without loading TensorFlow.js.
 *
 * @throws OptionsError that names each bad field, what came and what is allowed.
 */
export function parseVideoModelOptions(options: VideoModelOptions = {}) {
  const { model = 'tgan' } = options;
  // The model's own schema, because its errors know the model's options.
  const schema = Object.hasOwn(models, model) ? models[model] : videoModelOptions;
  return parseOptions(schema, options, `video model "${model}"`) as z.output<
    typeof videoModelOptions
  >;
}
