import type { Entry } from '@tgan/core';
import { mustHalve } from '@tgan/gan-layers/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { baselineDepth, baselineShape, seed } from './shared.js';

const checks = [mustHalve('frames', baselineDepth), mustHalve('imageSize', baselineDepth)] as const;

/** What a `Conv3dGan` takes; the defaults are the paper's. */
export const conv3dGanOptions = z.strictObject({ ...baselineShape, seed }).check(...checks);

/** Options of a `Conv3dGan`; each has a default. */
export type Conv3dGanOptions = z.input<typeof conv3dGanOptions>;

const options = z.strictObject(baselineShape).check(...checks);

/** The paper's 3D model. */
export const conv3d: Entry<VideoModel, ModelContext, typeof options> = {
  name: '3d',
  description: "the paper's baseline: one linear layer and 3-D deconvolutions",
  options,
  async create(options, { seed }) {
    const { Conv3dGan } = await import('../baselines/conv3d-gan.js');
    return new Conv3dGan({ ...options, seed });
  },
};
