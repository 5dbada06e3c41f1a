export { BatchNorm, type BatchNormArgs } from './batch-norm.js';
export { assignWeights, chainerWeights, type ChainerArray, type ChainerWeight } from './chainer.js';
export { enableConv3dTransposeGradient } from './deconvolution-3d.js';
export {
  GaussianNoise,
  noiseStates,
  restoreNoise,
  type GaussianNoiseArgs,
} from './gaussian-noise.js';
export { conv3dTransposeGradientError, type TransposedConvolutionCase } from './gradient-check.js';
export { kernelInitialiser } from './initialisers.js';
export { differentiableAgain, normaliseBatch, type NormalisedBatch } from './normalise-batch.js';
export {
  count,
  halved,
  initialisation,
  mustHalve,
  widths,
  type Initialisation,
} from './options.js';
