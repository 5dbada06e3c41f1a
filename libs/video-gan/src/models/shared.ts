import { critic3dOptions } from '@tgan/critic-3d/options';
import { initializer, widths } from '@tgan/gan-layers/options';
import { temporalGeneratorOptions } from '@tgan/temporal-generator/options';
import * as z from 'zod';

const critic = critic3dOptions.shape;

/** The options that every model has: the sizes of its clips, and its critic. */
export const sharedShape = {
  latentSize: temporalGeneratorOptions.shape.latentSize.describe(
    'size of z0, and by default of the latents of the frames',
  ),
  frames: critic.frames.describe('frames of a clip'),
  imageSize: critic.imageSize.describe('height and width of a frame in pixels'),
  channels: critic.channels.describe('channels of a frame: 1 for gray, 3 for color'),
  criticWidths: critic.widths.describe("feature maps of the critic's layers except the last"),
  leakyReluAlpha: critic.leakyReluAlpha.describe(
    "alpha of the critic's LeakyReLU, its slope below zero, from 0 to 1",
  ),
  noise: critic.noise.describe(
    'standard deviation of the noise before each LeakyReLU of the critic (normal GAN: 0.3)',
  ),
  // In `paper` and `original` the image generator starts uniformly. The paper does not say how its
  // baselines start.
  initializer: z
    .enum(['paper', 'original', ...initializer.options])
    .default('paper')
    .describe(
      'how kernels are initialized: uniform, he or lecun for all of them; paper is He and ' +
        'original is LeCun, both with a uniform image generator',
    ),
};

/** The seed of a model: of its initial kernels and of its noise. */
export const seed = z.int().default(0).describe('seed of the initial kernels and of the noise');

/** The initializer of every network but an image generator. */
export const initializerOf = (name: z.output<typeof sharedShape.initializer>) =>
  name === 'paper' ? 'he' : name === 'original' ? 'lecun' : name;

/** The initializer of an image generator. */
export const imageInitializerOf = (name: z.output<typeof sharedShape.initializer>) =>
  name === 'paper' || name === 'original' ? 'uniform' : name;

/** The options that the paper's baselines have. */
export const baselineShape = {
  ...sharedShape,
  generatorWidths: widths
    .default([512, 256, 128, 64])
    .describe(
      "feature maps of the generator's layers except the last; each doubles time and image",
    ),
};

/** How many layers of stride 2 a baseline has on either side. */
export const baselineDepth = (options: z.output<z.ZodObject<typeof baselineShape>>) =>
  Math.max(options.generatorWidths.length, options.criticWidths.length);
