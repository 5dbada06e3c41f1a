export * from './manipulation-options.js';
export { conv3dGanOptions, type Conv3dGanOptions } from './models/conv3d.js';
export { videoGanOptions, type VideoGanOptions } from './models/tgan.js';
export { vganOptions, type VganOptions } from './models/vgan.js';
