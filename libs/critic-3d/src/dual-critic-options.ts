import { count, mustHalve, widths } from '@tgan/gan-layers/options';
import { z } from 'zod';
import { critic3dOptions } from './options.js';

const critic = critic3dOptions.shape;

/** How many times smaller the frames are that the critic of clips sees. */
const pooling = count
  .default(2)
  .describe(
    'how many times smaller than the clip the frames are that the critic of clips sees; each pixel ' +
      'is a mean',
  );

const shape = {
  frames: count.default(16).describe('frames of a clip'),
  imageSize: count
    .default(64)
    .describe('height and width of a frame in pixels: a multiple of 2^frameWidths.length'),
  channels: critic.channels,
  pooling,
  widths: widths
    .default([64, 128, 256])
    .describe('feature maps of each convolution over the clip, except the last'),
  frameWidths: widths
    .default([64, 128, 256])
    .describe('feature maps of each convolution over a single frame of full size, except the last'),
  leakyReluAlpha: critic.leakyReluAlpha,
  noise: critic.noise,
  classes: critic.classes,
  initializer: critic.initializer,
  seed: critic.seed,
};
type Sizes = z.output<z.ZodObject<typeof shape>>;

/** What `createDualCritic` takes. */
export const dualCriticOptions = z.strictObject(shape).check(
  mustHalve<Sizes>('imageSize', ({ frameWidths }) => frameWidths.length),
  ({ value, issues }) => {
    const { imageSize, pooling, widths } = value;
    if (imageSize % (pooling * 2 ** widths.length) === 0) return;
    issues.push({
      code: 'custom',
      path: ['pooling'],
      input: pooling,
      continue: true,
      message:
        `frames of ${imageSize} pixels, ${pooling} times smaller, do not fit ${widths.length} ` +
        `layers of stride 2: imageSize must be a multiple of ${pooling * 2 ** widths.length}`,
    });
  },
);

/** Options of `createDualCritic`; each has a default. */
export type DualCriticOptions = z.input<typeof dualCriticOptions>;
