export { createCritic3d, critic3dOptions, type Critic3dOptions } from './critic-3d.js';
