import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { checkClips, type Clips, type Film, type Image } from './clips.js';

/** Options of {@link filmStrip}, and of {@link grid} but for its columns. */
export interface SheetOptions {
  /** Each pixel becomes a square of scale x scale. Default 1. */
  readonly scale?: number;
  /** White pixels between two clips or frames, after scaling. Default 2. */
  readonly gap?: number;
}

/** The schema of {@link SheetOptions}. */
export const sheetOptions = z.strictObject({
  scale: z.int().min(1).max(32).default(1),
  gap: z.int().min(0).max(64).default(2),
} satisfies OptionsShape<SheetOptions>);

/** Options of {@link grid}. */
export interface GridOptions extends SheetOptions {
  /** Clips side by side. Default: a sheet as square as possible. */
  readonly columns?: number;
}

/** The schema of {@link GridOptions}. */
export const gridOptions = z.strictObject({
  ...sheetOptions.shape,
  columns: z.int().min(1).max(1024).optional(),
} satisfies OptionsShape<GridOptions>);

const white = 255;

/**
 * Lays clips out side by side as one video.
 *
 * @returns a video of as many frames as the clips have; cells that are left over stay white.
 * @throws VideoError when the clips' shape and data do not fit; OptionsError for an option out of
 * range.
 */
export function grid(clips: Clips, options: GridOptions = {}): Film {
  const { columns, scale, gap } = parseOptions(gridOptions, options, 'grid');
  const channels = checkClips(clips);
  const [count, time, height, width] = clips.shape;
  const across = Math.min(columns ?? Math.ceil(Math.sqrt(count)), count);
  const down = Math.ceil(count / across);
  const size = sheetSize(down, across, height, width, scale, gap);
  const film = new Uint8Array(time * size.height * size.width * channels).fill(white);
  for (let t = 0; t < time; t++) {
    const frame = t * size.height * size.width * channels;
    const sheet = { ...size, channels, data: film.subarray(frame) };
    for (let i = 0; i < count; i++) {
      place(sheet, clips, i, t, Math.floor(i / across), i % across, scale, gap);
    }
  }
  return { frames: time, ...size, channels, data: film };
}

/**
 * One picture of clips: a row is a clip, a column is a frame (as in the paper's figures).
 *
 * @throws VideoError when the clips' shape and data do not fit; OptionsError for an option out of
 * range.
 */
export function filmStrip(clips: Clips, options: SheetOptions = {}): Image {
  const { scale, gap } = parseOptions(sheetOptions, options, 'filmStrip');
  const channels = checkClips(clips);
  const [count, time, height, width] = clips.shape;
  const size = sheetSize(count, time, height, width, scale, gap);
  const data = new Uint8Array(size.height * size.width * channels).fill(white);
  const sheet = { ...size, channels, data };
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < time; t++) place(sheet, clips, i, t, i, t, scale, gap);
  }
  return sheet;
}

function sheetSize(
  down: number,
  across: number,
  height: number,
  width: number,
  scale: number,
  gap: number,
) {
  return {
    height: down * height * scale + (down - 1) * gap,
    width: across * width * scale + (across - 1) * gap,
  };
}

/** Copies frame `t` of clip `i`, enlarged, into a cell of the sheet. */
function place(
  sheet: Image,
  { data, shape }: Clips,
  i: number,
  t: number,
  row: number,
  column: number,
  scale: number,
  gap: number,
): void {
  const [, time, height, width, channels] = shape;
  const frame = (i * time + t) * height * width * channels;
  const top = row * (height * scale + gap);
  const left = column * (width * scale + gap);
  for (let y = 0; y < height * scale; y++) {
    const from = frame + Math.floor(y / scale) * width * channels;
    const to = ((top + y) * sheet.width + left) * channels;
    for (let x = 0; x < width * scale; x++) {
      const pixel = from + Math.floor(x / scale) * channels;
      for (let c = 0; c < channels; c++) sheet.data[to + x * channels + c] = data[pixel + c];
    }
  }
}
