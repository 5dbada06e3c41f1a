export { MetricsError } from '../errors.js';
export {
  loadMovingMnistExtractor,
  loadMovingMnistReader,
  type ReaderRecord,
} from '../moving-mnist/load-reader.js';
