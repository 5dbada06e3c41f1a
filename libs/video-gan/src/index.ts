export { chainerVideoGanWeights, type ChainerSnapshots } from './chainer.js';
export { videoGanOptions, type VideoGanOptions } from './options.js';
export { VideoGan } from './video-gan.js';
export { type Mode, type VideoModel } from './video-model.js';
