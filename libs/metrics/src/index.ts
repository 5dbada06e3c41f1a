export { MetricsError } from './errors.js';
export type { Extracted, FeatureExtractor } from './extractor.js';
