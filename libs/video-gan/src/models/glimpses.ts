import type { Entry, OptionsShape } from '@tgan/core';
import { glimpseCriticOptions } from '@tgan/critic-3d/glimpse-options';
import { mustHalve } from '@tgan/gan-layers/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { seed } from './shared.js';
import { spritesFit } from './sprite-options.js';
import { imageHalves, temporalGanShape, type TemporalGanOptions } from './tgan.js';

const shape = {
  ...temporalGanShape,
  glimpseFrames: glimpseCriticOptions.shape.glimpseFrames,
  frameCriticWidths: glimpseCriticOptions.shape.frameWidths.describe(
    'feature maps of the layers of a further critic that sees single frames (DVD-GAN), but the last',
  ),
  glimpseGaps: z
    .array(z.int().min(1))
    .min(1)
    .default([1, 2, 4])
    .describe('distances in frames between the frames of a glimpse; each is equally likely'),
  start: z
    .enum(['coherent', 'independent'])
    .default('coherent')
    .describe(
      'how the untrained model moves: smoothly (coherent), or with unrelated frames ' +
        '(independent, as in tgan)',
    ),
};
type Sizes = z.output<z.ZodObject<typeof shape>>;

const framesHalve = mustHalve<Sizes>('frames', ({ temporalWidths }) => temporalWidths.length);

const frameCriticHalves = mustHalve<Sizes>(
  'imageSize',
  ({ frameCriticWidths = [] }) => frameCriticWidths.length,
);

/** The widest glimpse fits into a clip. */
const glimpsesFit = (context: z.core.ParsePayload<Sizes>): void => {
  const { frames, glimpseFrames, glimpseGaps } = context.value;
  const gap = Math.max(...glimpseGaps);
  const span = (glimpseFrames - 1) * gap + 1;
  if (span <= frames) return;
  context.issues.push({
    code: 'custom',
    path: ['glimpseGaps'],
    input: glimpseGaps,
    continue: true,
    message: `${glimpseFrames} frames at gap ${gap} span ${span} frames, a clip has ${frames}`,
  });
};
const checks = [framesHalve, imageHalves, frameCriticHalves, spritesFit, glimpsesFit] as const;

/** Options of a `GlimpseGan`; each has a default. */
export interface GlimpseGanOptions extends TemporalGanOptions {
  /** Number of frames of a clip that the critic sees at once. Default 4. */
  readonly glimpseFrames?: number;
  /**
   * Feature maps of the layers of a further critic that sees single frames (DVD-GAN), but the last.
   * Default: no such critic.
   */
  readonly frameCriticWidths?: readonly number[];
  /**
   * Distances in frames between the frames of a glimpse; each is equally likely. Default [1, 2, 4].
   */
  readonly glimpseGaps?: readonly number[];
  /**
   * How the untrained model moves: smoothly (`coherent`), or with unrelated frames (`independent`,
   * as in a `VideoGan`). Default `coherent`.
   */
  readonly start?: 'coherent' | 'independent';
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link GlimpseGanOptions}. */
export const glimpseGanOptions = z
  .strictObject({ ...shape, seed } satisfies OptionsShape<GlimpseGanOptions>)
  .check(...checks);

const options = z.strictObject(shape).check(...checks);

/** The Temporal GAN that trains on a few frames of each clip. */
export const tganGlimpses: Entry<VideoModel, ModelContext, typeof options> = {
  name: 'tgan-glimpses',
  description: 'the Temporal GAN with a faster critic, which sees a few frames of each clip',
  options,
  async create(options, { seed }) {
    const { GlimpseGan } = await import('../glimpse-gan.js');
    return new GlimpseGan({ ...options, seed });
  },
};
