/** Videos side by side: one picture for each moment, as RGBA bytes. */
export interface Film {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8ClampedArray<ArrayBuffer>[];
}

/** Columns of a grid that is about square. */
export const columnsFor = (videos: number): number => Math.ceil(Math.sqrt(videos));

/**
 * Puts videos side by side, row by row, with a line of empty pixels between.
 *
 * @param data - values in [-1, 1] of [videos, frames, height, width, channels]; pixel = 128 * value
 * + 128.
 * @param columns - videos in a row.
 */
export function filmOf(
  data: ArrayLike<number>,
  [videos, frames, height, width, channels]: readonly number[],
  columns = columnsFor(videos),
): Film {
  const rows = Math.ceil(videos / columns);
  const filmWidth = columns * (width + 1) - 1;
  const filmHeight = rows * (height + 1) - 1;
  const pictures = Array.from(
    { length: frames },
    () => new Uint8ClampedArray(4 * filmWidth * filmHeight),
  );
  let from = 0;
  for (let video = 0; video < videos; video++) {
    const top = Math.floor(video / columns) * (height + 1);
    const left = (video % columns) * (width + 1);
    for (const picture of pictures) {
      for (let y = 0; y < height; y++) {
        let to = 4 * ((top + y) * filmWidth + left);
        for (let x = 0; x < width; x++, to += 4, from += channels) {
          for (let c = 0; c < 3; c++) {
            picture[to + c] = 128 * data[from + (channels === 3 ? c : 0)] + 128;
          }
          picture[to + 3] = 255;
        }
      }
    }
  }
  return { width: filmWidth, height: filmHeight, frames: pictures };
}
