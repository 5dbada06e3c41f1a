// Registers the layers, so that `tf.loadLayersModel` finds them where nothing else is imported.
import '@tgan/gan-layers';

export { createCritic3d } from './critic-3d.js';
export { createGlimpseCritic } from './glimpse-critic.js';
export {
  glimpseChannels,
  glimpseCriticOptions,
  type GlimpseCriticOptions,
} from './glimpse-critic-options.js';
export { critic3dOptions, type Critic3dOptions } from './options.js';
