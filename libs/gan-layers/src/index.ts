export type { BatchShare } from './batch-share.js';
export { BatchNorm, type BatchNormArgs } from './batch-norm.js';
export { enableConv3dTransposeGradient } from './deconvolution-3d.js';
export {
  GaussianNoise,
  noiseStates,
  restoreNoise,
  type GaussianNoiseArgs,
} from './gaussian-noise.js';
export { conv3dTransposeGradientError, type TransposedConvolutionCase } from './gradient-check.js';
export { createKernelInitializer } from './initializers.js';
export { normalizeBatch, type NormalizedBatch } from './normalize-batch.js';
export { count, halved, initializer, mustHalve, widths, type InitializerName } from './options.js';
export { pathBasis, PolynomialPath, type PolynomialPathArgs } from './polynomial-path.js';
export { redundantBiases } from './redundant-biases.js';
export { enableSecondDerivatives } from './second-derivatives.js';
export { shareBatch } from './share-batch.js';
