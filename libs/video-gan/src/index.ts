export { AdversarialModel } from './adversarial-model.js';
export { Conv3dGan } from './baselines/conv3d-gan.js';
export { Vgan, type VganStreams } from './baselines/vgan.js';
export { chainerVideoGanWeights, type ChainerSnapshots } from './chainer.js';
export { ChainerImportError, type ChainerFiles } from './chainer-files.js';
export { createVideoModel } from './create-video-model.js';
export { importChainer } from './import-chainer.js';
export { extend, interpolate, sampleFrames } from './interpolate.js';
export { LabelError } from './labels.js';
export { combineLatents, latentPath, truncateLatents, type WeightedLatent } from './latents.js';
export { project, type Projection } from './project.js';
export { transition, transitionFilm } from './transition.js';
export * from './manipulation-options.js';
export {
  conv3dGanOptions,
  parseVideoModelOptions,
  vganOptions,
  videoGanOptions,
  videoModelNames,
  videoModelOptions,
  type Conv3dGanOptions,
  type VganOptions,
  type VideoGanOptions,
  type VideoModelName,
  type VideoModelOptions,
} from './options.js';
export { VideoGan, type Moment } from './video-gan.js';
export { type Mode, type PenalizedClips, type VideoModel, type VideoSizes } from './video-model.js';
