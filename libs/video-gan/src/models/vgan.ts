import type { Entry, OptionsShape } from '@tgan/core';
import { mustHalve } from '@tgan/gan-layers/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { baselineDepth, baselineShape, seed, type BaselineOptions } from './shared.js';

const shape = {
  ...baselineShape,
  maskPenalty: z
    .number()
    .min(0)
    .default(0.1)
    .describe('weight of the mean mask in the generator loss'),
};
const checks = [mustHalve('frames', baselineDepth), mustHalve('imageSize', baselineDepth)] as const;

/** Options of a `Vgan`. The defaults are the paper's. */
export interface VganOptions extends BaselineOptions {
  /** Weight of the mean mask in the generator loss. Default 0.1. */
  readonly maskPenalty?: number;
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link VganOptions}. */
export const vganOptions = z
  .strictObject({ ...shape, seed } satisfies OptionsShape<VganOptions>)
  .check(...checks);

const options = z.strictObject(shape).check(...checks);

/** VGAN (Vondrick et al. 2016). */
export const vgan: Entry<VideoModel, ModelContext, typeof options> = {
  name: 'vgan',
  description: 'VGAN, a baseline: a moving foreground, a still background and a mask',
  options,
  async create(options, { seed }) {
    const { Vgan } = await import('../baselines/vgan.js');
    return new Vgan({ ...options, seed });
  },
};
