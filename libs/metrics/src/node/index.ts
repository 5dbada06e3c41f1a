export { MetricsError } from '../errors.js';
export {
  loadMovingMnistExtractor,
  loadMovingMnistReader,
  type ReaderRecord,
} from '../moving-mnist/load-reader.js';
export { openModelExtractor } from './open-model.js';
export { openOnnxExtractor } from './open-onnx.js';
