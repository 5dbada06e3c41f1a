export { MetricsError } from './errors.js';
export type { Extracted, FeatureExtractor } from './extractor.js';
export { MovingMnistReader, type Sighting } from './moving-mnist/reader.js';
export {
  judgeClip,
  namedFrom,
  readClips,
  scoreReadings,
  type ClipKind,
  type ClipReading,
  type ClipScores,
} from './moving-mnist/read-clips.js';
