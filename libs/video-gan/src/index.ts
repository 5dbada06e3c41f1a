// Registers the layers, so that `tf.loadLayersModel` finds them where nothing else is imported.
import '@tgan/gan-layers';

export { AdversarialModel } from './adversarial-model.js';
export { Conv3dGan } from './baselines/conv3d-gan.js';
export { Vgan, type VganStreams } from './baselines/vgan.js';
export { startCoherently, type GeneratorNetworks } from './coherent-start.js';
export { DualCriticGan } from './dual-critic-gan.js';
export { extend, interpolate, sampleFrames } from './interpolate.js';
export { LabelError } from './labels.js';
export { combineLatents, latentPath, truncateLatents, type WeightedLatent } from './latents.js';
export { project, type Projection } from './project.js';
export { placeSprites } from './sprites.js';
export { transition, transitionFilm } from './transition.js';
export * from './manipulation-options.js';
export { conv3dGanOptions, type Conv3dGanOptions } from './models/conv3d.js';
export { dualCriticGanOptions, type DualCriticGanOptions } from './models/dual.js';
export type { BaselineOptions, SharedModelOptions } from './models/shared.js';
export type { SpriteOptions } from './models/sprite-options.js';
export { videoGanOptions, type TemporalGanOptions, type VideoGanOptions } from './models/tgan.js';
export { vganOptions, type VganOptions } from './models/vgan.js';
export { models } from './registries.js';
export { VideoGan, type Moment } from './video-gan.js';
export {
  type Mode,
  type PenalizedSamples,
  type PenalizedScores,
  type ModelContext,
  type VideoModel,
  type VideoSizes,
} from './video-model.js';
