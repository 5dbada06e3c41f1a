import { count, mustHalve, widths } from '@tgan/gan-layers/options';
import * as z from 'zod';
import { critic3dOptions } from './options.js';

const critic = critic3dOptions.shape;

/** What `createGlimpseCritic` takes. */
export const glimpseCriticOptions = z
  .strictObject({
    glimpseFrames: count
      .min(2)
      .default(4)
      .describe('number of frames of a clip that the critic sees at once'),
    imageSize: critic.imageSize,
    channels: critic.channels,
    widths: critic.widths,
    frameWidths: widths
      .optional()
      .describe(
        "feature maps of the layers of a further critic that sees the glimpse's first frame, but the " +
          'last; no such critic unless told',
      ),
    leakyReluAlpha: critic.leakyReluAlpha,
    noise: critic.noise,
    classes: critic.classes,
    initializer: critic.initializer,
    seed: critic.seed,
  })
  .check(
    mustHalve('imageSize', ({ widths, frameWidths = [] }) =>
      Math.max(widths.length, frameWidths.length),
    ),
  );

/** Options of `createGlimpseCritic`; each has a default. */
export type GlimpseCriticOptions = z.input<typeof glimpseCriticOptions>;

/** The channels of a glimpse: those of its frames, and the planes of their distance and time. */
export function glimpseChannels(options: {
  readonly glimpseFrames: number;
  readonly channels: number;
}): number {
  return options.glimpseFrames * options.channels + 2;
}
