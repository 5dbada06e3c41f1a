export { type BatchPart, type ClipBatch } from './batches.js';
export { ClipLoader, clipLoaderOptions, type ClipLoaderOptions } from './clip-loader.js';
export { type ClipShape, type ClipSource, type SourceRecipe } from './clip-source.js';
export { DatasetError } from './error.js';
export { mnistDigits, parseIdx, type Digits, type IdxArray, type MnistPart } from './mnist.js';
export { movingMnist, movingMnistOptions, type MovingMnistOptions } from './moving-mnist.js';
export {
  movingMnistFile,
  movingMnistFileOptions,
  type MovingMnistFileOptions,
} from './moving-mnist-file.js';
export {
  packed,
  packedOptions,
  readPackedInfo,
  verifyPacked,
  type PackedInfo,
  type PackedOptions,
  type PackedSource,
} from './packed.js';
export { type PackedIndex } from './packed-format.js';
export {
  preparePacked,
  prepareOptions,
  type PrepareOptions,
  type PrepareProgress,
} from './prepare.js';
export {
  videosOf,
  type Classes,
  type Crop,
  type FrameShape,
  type Json,
  type Video,
  type VideoSet,
} from './video-set.js';
export { golf, golfOptions, parseStrips, type GolfOptions } from './golf.js';
export { parseClasses, parseSplit, ucf101, ucf101Options, type Ucf101Options } from './ucf101.js';
export {
  parseRanges,
  ucf101Hdf5,
  ucf101Hdf5Options,
  type FrameRange,
  type Ucf101Hdf5Options,
} from './ucf101-hdf5.js';
export { videoFolder, videoFolderOptions, type VideoFolderOptions } from './video-folder.js';
