export { openModelExtractor } from './open-model.js';
export { openOnnxExtractor } from './open-onnx.js';
