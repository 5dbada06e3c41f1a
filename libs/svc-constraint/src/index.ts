export {
  ProjectionCallback,
  SvcCallback,
  type ProjectionCallbackOptions,
  type SvcCallbackOptions,
} from './callback.js';
export { clipWeights } from './clip-weights.js';
export {
  clipKernel,
  clipKernelSync,
  singularValueClip,
  singularValueClipSync,
  type ClipKernelOptions,
} from './clip.js';
export { SvcConstraint, type SvcConstraintConfig } from './constraint.js';
export { NonFiniteWeightError } from './errors.js';
export { clipGamma, type GammaRule } from './gamma.js';
export type { KernelLayout } from './kernels.js';
export {
  clipModel,
  clipModelSync,
  type ClipModelOptions,
  type ClipReport,
  type GammaReport,
  type KernelReport,
} from './model.js';
export { operatorNorms, type LayerNorms, type OperatorNormOptions } from './operator-norms.js';
export {
  clipOperatorNorms,
  spectralNormalize,
  type ScaledKernel,
  type ScaleOptions,
} from './scale.js';
export type { LayerFilter } from './walk.js';
