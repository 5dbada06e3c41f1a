export type { BootstrapOptions, Estimate } from './bootstrap.js';
export type { ClipShape, ClipSource } from './clip-reader.js';
export { MetricsError } from './errors.js';
export {
  evaluate,
  type EvaluationContext,
  type EvaluationProgress,
  type ReferenceSample,
  sampleReference,
} from './evaluate.js';
export type { Extracted, FeatureExtractor } from './extractor.js';
export { describeFitting, fitClips, type Fitting, fittingOptions } from './extractors/fit-clips.js';
export { modelExtractor } from './extractors/model-extractor.js';
export {
  type ExtractorOptions,
  extractorOptions,
  type Network,
  networkExtractor,
  type NetworkOutput,
} from './extractors/network-extractor.js';
export {
  onnxExtractor,
  type OnnxRuntime,
  type OnnxSession,
  type OnnxTensor,
} from './extractors/onnx-extractor.js';
export { FeatureSample, type FeatureSampleOptions } from './feature-sample.js';
export { estimateFrechetDistance, frechetDistance } from './frechet-distance.js';
export { type CriticScores, type GamResult, generativeAdversarialMetric } from './gam.js';
export {
  type InceptionOptions,
  type InceptionProtocol,
  InceptionSums,
  temporalGanProtocol,
} from './inception-score.js';
export { kernelDistance } from './kernel-distance.js';
export {
  comparisonTable,
  type ModelCard,
  modelCardJson,
  modelCardMarkdown,
  type ScoreOverSeeds,
  scoresOverSeeds,
  scoreTable,
} from './model-card.js';
export { type Gaussian, Moments } from './moments.js';
export { neighborScores, type NeighborScores } from './neighbors.js';
export { evaluationOptions, type EvaluationOptions } from './options.js';
export { assertComparable, recordDifferences, type ScoreRecord } from './record.js';
export type { EvaluationReport, ReportedScore } from './report.js';
export type { Rows } from './rows.js';
export { type ScoreFamily, scoreFamilies, type ScoreInfo, type ScoreSettings } from './scores.js';
export { sha256 } from './sha256.js';
export { MovingMnistExtractor } from './moving-mnist/moving-mnist-extractor.js';
export {
  nearDuplicates,
  NearestClips,
  novelty,
  type NearestClip,
} from './moving-mnist/nearest-clips.js';
export { fitPath, type Path, type PathPoint } from './moving-mnist/path.js';
export {
  judgeClip,
  namedFrom,
  readClips,
  scoreReadings,
  type ClipKind,
  type ClipReading,
  type ClipScores,
} from './moving-mnist/read-clips.js';
export { readableScores } from './moving-mnist/readable-scores.js';
export { MovingMnistReader, type FrameDescriptions, type Sighting } from './moving-mnist/reader.js';
export { spoil, spoilings, type GrayClip, type Spoiling } from './moving-mnist/spoil.js';
