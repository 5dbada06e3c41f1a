// Registers the layers, so that `tf.loadLayersModel` finds them where nothing else is imported.
import '@tgan/gan-layers';

export { createCritic3d } from './critic-3d.js';
export { createDualCritic } from './dual-critic.js';
export { dualCriticOptions, type DualCriticOptions } from './dual-critic-options.js';
export { critic3dOptions, type Critic3dOptions } from './options.js';
