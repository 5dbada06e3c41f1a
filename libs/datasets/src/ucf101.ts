import { join } from 'node:path';
import { parseOptions, type OptionsShape } from '@tgan/core';
import { decodeVideo, ffmpegVersion } from '@tgan/video-io';
import * as z from 'zod';
import { firstFolder, inside, linesOf, mapInChunks, readText } from './data-folder.js';
import { DatasetError } from './error.js';
import { videoFile } from './video-file.js';
import { channelsOption, type VideoSet } from './video-set.js';

/** Options of {@link ucf101}. */
export interface Ucf101Options {
  /** Which of the three official splits. Default 1. */
  readonly split?: number;
  /** The videos of its `trainlist`, of its `testlist`, or both. Default `train`. */
  readonly part?: 'train' | 'test' | 'all';
  /** Height of the frames and width of their crop, in pixels. Default 64. */
  readonly imageSize?: number;
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
}

/** The schema of {@link Ucf101Options}. */
export const ucf101Options = z.strictObject({
  split: z.int().min(1).max(3).default(1),
  part: z.enum(['train', 'test', 'all']).default('train'),
  imageSize: z.int().min(8).max(240).default(64),
  channels: channelsOption,
} satisfies OptionsShape<Ucf101Options>);

/**
 * UCF-101 (Soomro et al., 2012): 13,320 videos of 101 human actions, in its original layout. The
 * lists (`classInd.txt`, `trainlist01.txt`, ...) are in the folder or in its `ucfTrainTestlist`;
 * the videos (`CLASS/v_CLASS_g01_c01.avi`) in the folder or in its `UCF-101`.
 *
 * Frames are resized to 85x64, and clips show the 64 columns from the tenth on, as in the original
 * code.
 *
 * @param folder - where the data set is.
 * @returns a set for `preparePacked`. A video that is listed and missing is noticed then.
 * @throws DatasetError when a list is missing, wrong, or names a file outside of the folder;
 * FfmpegMissingError when there is no ffmpeg; OptionsError for an option out of range.
 */
export async function ucf101(folder: string, options: Ucf101Options = {}): Promise<VideoSet> {
  const parsed = parseOptions(ucf101Options, options, 'ucf101');
  const { split, part, imageSize, channels } = parsed;
  const ffmpeg = await ffmpegVersion();
  const lists = (await firstFolder(folder, ['ucfTrainTestlist'])) ?? folder;
  const videos = (await firstFolder(folder, ['UCF-101', 'UCF101'])) ?? folder;
  const classes = parseClasses(await readText(join(lists, 'classInd.txt')));
  const listed = [];
  for (const name of part === 'all' ? ['train', 'test'] : [part]) {
    const file = `${name}list0${split}.txt`;
    listed.push(...parseSplit(await readText(join(lists, file)), classes, file));
  }
  for (const { name } of listed) inside(videos, name);

  const [height, width] = [imageSize, Math.round((imageSize * 85) / 64)];
  return {
    frame: { height, width, channels },
    crop: { top: 0, left: Math.floor((width - imageSize) / 2), height, width: imageSize },
    classes,
    provenance: { set: 'ucf101', split, part, ffmpeg, ...(channels === 1 && { channels }) },
    videos: await mapInChunks(listed, ({ name, label }) =>
      videoFile(
        videos,
        name,
        (path, hear) => decodeVideo(path, { height, width, channels }, hear),
        { label },
      ),
    ),
  };
}

/**
 * Reads `classInd.txt`: lines of a number, from 1 on, and the name of a class.
 *
 * @returns the names, in order.
 * @throws DatasetError that names the line that is wrong.
 */
export function parseClasses(text: string, file = 'classInd.txt'): string[] {
  const classes: string[] = [];
  for (const { line, number } of linesOf(text)) {
    const [, index, name] = /^(\d{1,9})\s+(\S+)$/.exec(line) ?? [];
    if (Number(index) !== classes.length + 1 || classes.includes(name)) {
      throw new DatasetError(
        `${file}:${number}: expected "${classes.length + 1} CLASS", got ${shown(line)}`,
      );
    }
    classes.push(name);
  }
  if (classes.length === 0) throw new DatasetError(`${file}: is empty`);
  return classes;
}

/**
 * Reads a `trainlistNN.txt` (`CLASS/VIDEO.avi NUMBER`) or `testlistNN.txt` (without the number).
 *
 * @returns the videos with their labels, from 0 on.
 * @throws DatasetError that names the line that is wrong.
 */
export function parseSplit(
  text: string,
  classes: readonly string[],
  file = 'list',
): { name: string; label: number }[] {
  const labels = new Map(classes.map((name, label) => [name, label]));
  const seen = new Set<string>();
  return linesOf(text).map(({ line, number }) => {
    const [, name, folder, index] = /^(([^/\s]+)\/[^/\s]+)(?:\s+(\d{1,9}))?$/.exec(line) ?? [];
    const label = labels.get(folder);
    const fail = (problem: string) =>
      new DatasetError(`${file}:${number}: ${problem}: ${shown(line)}`);
    if (!name) throw fail('expected "CLASS/VIDEO.avi" and perhaps a number');
    if (label === undefined) throw fail('there is no such class');
    if (index && Number(index) !== label + 1) throw fail(`the class has the number ${label + 1}`);
    if (seen.has(name)) throw fail('listed twice');
    seen.add(name);
    return { name, label };
  });
}

/** A line of a file for a message: short, and with nothing in it that a terminal would act on. */
const shown = (line: string) => JSON.stringify(line.slice(0, 120));
