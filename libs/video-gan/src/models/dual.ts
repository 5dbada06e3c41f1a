import type { Entry, OptionsShape } from '@tgan/core';
import { dualCriticOptions } from '@tgan/critic-3d/dual-options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { seed } from './shared.js';
import { spritesFit } from './sprite-options.js';
import { framesHalve, generatorHalves, temporalGanShape, type TemporalGanOptions } from './tgan.js';

const critic = dualCriticOptions.shape;

const shape = {
  ...temporalGanShape,
  criticWidths: critic.widths.describe(
    "feature maps of the clip critic's layers except the last; it sees all frames, but smaller",
  ),
  criticPooling: critic.pooling,
  frameCriticWidths: critic.frameWidths.describe(
    "feature maps of the frame critic's layers except the last; it sees single frames of full size",
  ),
  classifierWeight: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'weight of the term by which the frame critic learns to name labels, where there are ' +
        'classes, and the generator to draw what it names',
    ),
  start: z
    .enum(['coherent', 'independent'])
    .default('coherent')
    .describe(
      'how the untrained model moves: smoothly (coherent), or with unrelated frames ' +
        '(independent, as in tgan)',
    ),
};
type Sizes = z.output<z.ZodObject<typeof shape>>;

/** The critics' sizes, under the names that they have here. */
const criticsFit = (context: z.core.ParsePayload<Sizes>): void => {
  const { frames, imageSize, channels, criticPooling, criticWidths, frameCriticWidths } =
    context.value;
  const { error } = dualCriticOptions.safeParse({
    frames,
    imageSize,
    channels,
    pooling: criticPooling,
    widths: criticWidths,
    frameWidths: frameCriticWidths,
  });
  for (const { message, path } of error?.issues ?? []) {
    const name = path[0] === 'pooling' ? 'criticPooling' : (path[0] as string);
    const input = context.value[name as keyof Sizes];
    context.issues.push({ code: 'custom', path: [name], input, continue: true, message });
  }
};

const checks = [framesHalve, generatorHalves, spritesFit, criticsFit] as const;

/** Options of a `DualCriticGan`; each has a default. */
export interface DualCriticGanOptions extends TemporalGanOptions {
  /**
   * Feature maps of the clip critic's layers except the last; it sees all frames, but smaller.
   * Default [64, 128, 256].
   */
  readonly criticWidths?: readonly number[];
  /** How many times smaller the frames are that the clip critic sees. Default 2. */
  readonly criticPooling?: number;
  /**
   * Feature maps of the frame critic's layers except the last; it sees single frames of full size.
   * Default [64, 128, 256].
   */
  readonly frameCriticWidths?: readonly number[];
  /**
   * Weight of a term in both losses, as in AC-GAN (Odena et al. 2017): the frame critic learns to
   * name the labels of real frames, and the generator to draw frames whose label it names. Without
   * `classes` there is nothing to name. Default 0: no such term.
   */
  readonly classifierWeight?: number;
  /**
   * How the untrained model moves: smoothly (`coherent`), or with unrelated frames (`independent`,
   * as in a `VideoGan`). Default `coherent`.
   */
  readonly start?: 'coherent' | 'independent';
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link DualCriticGanOptions}. */
export const dualCriticGanOptions = z
  .strictObject({ ...shape, seed } satisfies OptionsShape<DualCriticGanOptions>)
  .check(...checks);

const options = z.strictObject(shape).check(...checks);

/** The Temporal GAN with a critic of clips and one of frames. */
export const tganDual: Entry<VideoModel, ModelContext, typeof options> = {
  name: 'tgan-dual',
  description: 'the Temporal GAN with two fast critics: of small clips, and of single frames',
  options,
  async create(options, { seed }) {
    const { DualCriticGan } = await import('../dual-critic-gan.js');
    return new DualCriticGan({ ...options, seed });
  },
};
