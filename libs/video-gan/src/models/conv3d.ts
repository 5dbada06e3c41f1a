import type { Entry, OptionsShape } from '@tgan/core';
import { mustHalve } from '@tgan/gan-layers/options';
import * as z from 'zod';
import type { ModelContext, VideoModel } from '../video-model.js';
import { baselineDepth, baselineShape, seed, type BaselineOptions } from './shared.js';

const checks = [mustHalve('frames', baselineDepth), mustHalve('imageSize', baselineDepth)] as const;

/** Options of a `Conv3dGan`. The defaults are the paper's. */
export interface Conv3dGanOptions extends BaselineOptions {
  /** Seed of the initial kernels and of the noise. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link Conv3dGanOptions}. */
export const conv3dGanOptions = z
  .strictObject({ ...baselineShape, seed } satisfies OptionsShape<Conv3dGanOptions>)
  .check(...checks);

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
