export { chainerVideoGanWeights, type ChainerSnapshots } from './chainer.js';
export { videoGanOptions, type VideoGanOptions } from './options.js';
export { VideoGan, type Mode } from './video-gan.js';
