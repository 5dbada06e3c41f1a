export {
  ClipLoader,
  clipLoaderOptions,
  type ClipBatch,
  type ClipLoaderOptions,
  type LoaderPosition,
} from './clip-loader.js';
export { type ClipShape, type ClipSource } from './clip-source.js';
export { DatasetError } from './error.js';
export { parseIdx, type IdxArray } from './idx.js';
export { mnistDigits, type Digits } from './mnist.js';
export { movingMnist, movingMnistOptions, type MovingMnistOptions } from './moving-mnist.js';
export {
  movingMnistFile,
  movingMnistFileOptions,
  type MovingMnistFileOptions,
} from './moving-mnist-file.js';
