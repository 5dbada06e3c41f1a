import { Conv3dGan } from './baselines/conv3d-gan.js';
import { Vgan } from './baselines/vgan.js';
import { parseVideoModelOptions, type VideoModelOptions } from './options.js';
import { VideoGan } from './video-gan.js';

/**
 * Makes a model by its name, with fresh weights.
 *
 * @param options - `model` (default `tgan`) and the options of that model.
 * @throws OptionsError when there is no such model, or an option is out of range.
 *
 * @example
 * ```ts
 * const model = createVideoModel({ model: 'vgan', channels: 1 });
 * ```
 */
export function createVideoModel(options: VideoModelOptions = {}): VideoGan | Conv3dGan | Vgan {
  const parsed = parseVideoModelOptions(options);
  switch (parsed.model) {
    case 'tgan':
    case 'tgan-z1': {
      const { model: _name, ...rest } = parsed;
      return new VideoGan(rest);
    }
    case '3d': {
      const { model: _name, ...rest } = parsed;
      return new Conv3dGan(rest);
    }
    case 'vgan': {
      const { model: _name, ...rest } = parsed;
      return new Vgan(rest);
    }
  }
}
