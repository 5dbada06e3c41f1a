import type { Entry } from '@tgan/core';
import { mustHalve } from '@tgan/gan-layers/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { baselineDepth, baselineShape, seed } from './shared.js';

const shape = {
  ...baselineShape,
  maskPenalty: z
    .number()
    .min(0)
    .default(0.1)
    .describe('weight of the mean mask in the generator loss'),
};
const checks = [mustHalve('frames', baselineDepth), mustHalve('imageSize', baselineDepth)] as const;

/** What a `Vgan` takes; the defaults are the paper's. */
export const vganOptions = z.strictObject({ ...shape, seed }).check(...checks);

/** Options of a `Vgan`; each has a default. */
export type VganOptions = z.input<typeof vganOptions>;

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
