import { Registry } from '@tgan/core';
import { conv3d } from './models/conv3d.js';
import { tganDual } from './models/dual.js';
import { tgan, tganZ1 } from './models/tgan.js';
import { vgan } from './models/vgan.js';
import type { ModelContext, VideoModel } from './video-model.js';

/**
 * All video models by name. A model and TensorFlow.js load when one is made.
 *
 * @example
 * ```ts
 * const model = await models.create('vgan', { channels: 1 }, { seed: 1 });
 * ```
 */
export const models = new Registry<VideoModel, ModelContext>('model', [
  tgan,
  tganZ1,
  conv3d,
  vgan,
  tganDual,
]);
