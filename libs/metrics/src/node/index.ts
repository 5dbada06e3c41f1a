export { MetricsError } from '../errors.js';
export { loadMovingMnistReader, type ReaderRecord } from '../moving-mnist/load-reader.js';
