export { toPixels } from '@tgan/core';
export { VideoError, type Clips, type Film, type Image } from './clips.js';
export { decodeOptions, decodeVideo, type DecodeOptions } from './decode.js';
export { encodeMp4, mp4Options, type Mp4Options } from './encode-mp4.js';
export { FfmpegMissingError } from './ffmpeg-missing-error.js';
export { ffmpegVersion } from './ffmpeg.js';
export { checkStabilizer } from './stabilize.js';
export { decodeStrip, stripOptions, type StripOptions } from './strip.js';
export {
  animationOptions,
  encodeGif,
  encodePng,
  encodeWebp,
  type AnimationOptions,
} from './encode.js';
export {
  filmStrip,
  grid,
  gridOptions,
  sheetOptions,
  type GridOptions,
  type SheetOptions,
} from './sheet.js';
