import { parseOptions, type OptionsShape } from '@tgan/core';
import { decodeStrip } from '@tgan/video-io';
import * as z from 'zod';
import { inside, linesOf, mapInChunks, readText } from './data-folder.js';
import { DatasetError } from './error.js';
import { videoFile } from './video-file.js';
import { channelsOption, type VideoSet } from './video-set.js';

/** Options of {@link golf}. */
export interface GolfOptions {
  /** Height and width of the frames in pixels (paper: 64; the strips have 128). Default 64. */
  readonly imageSize?: number;
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
}

/** The schema of {@link GolfOptions}. */
export const golfOptions = z.strictObject({
  imageSize: z.int().min(8).max(128).default(64),
  channels: channelsOption,
} satisfies OptionsShape<GolfOptions>);

/**
 * The Golf scenes of Vondrick et al. (2016): clips as JPEG strips, frames of 128x128 stacked
 * downward, stabilized by its authors. No ffmpeg is needed.
 *
 * @param folder - where the strips are.
 * @param list - a text file with one strip a line, named from the folder (such as the data set's
 * `golf.txt`).
 * @returns a set for `preparePacked`. A strip that is listed and missing is noticed then.
 * @throws DatasetError when the list cannot be read, is empty, or names a file outside of the
 * folder; OptionsError for an option out of range.
 */
export async function golf(
  folder: string,
  list: string,
  options: GolfOptions = {},
): Promise<VideoSet> {
  const { imageSize, channels } = parseOptions(golfOptions, options, 'golf');
  const frame = { height: imageSize, width: imageSize, channels };
  const names = parseStrips(await readText(list), folder, list);
  return {
    frame,
    provenance: { set: 'golf', imageSize, ...(channels === 1 && { channels }) },
    videos: await mapInChunks(names, (name) =>
      videoFile(folder, name, (path) => decodeStrip(path, frame)),
    ),
  };
}

/**
 * Reads a list of strips.
 *
 * @throws DatasetError that names the line that is wrong.
 */
export function parseStrips(text: string, folder: string, file = 'list'): string[] {
  const names = linesOf(text).map(({ line, number }) => {
    try {
      inside(folder, line);
    } catch (cause) {
      throw new DatasetError(`${file}:${number}: ${(cause as Error).message}`, { cause });
    }
    return line;
  });
  if (names.length === 0) throw new DatasetError(`${file}: is empty`);
  return names;
}
