export { createCritic3d } from './critic-3d.js';
export { critic3dOptions, type Critic3dOptions } from './options.js';
