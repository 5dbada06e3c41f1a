export { toPixels, VideoError, type Clips, type Film, type Image } from './clips.js';
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
export { writeFileAtomic } from './write-file.js';
