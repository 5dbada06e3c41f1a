import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOptions } from '@tgan/core';
import { checkStabilizer, decodeVideo, ffmpegVersion } from '@tgan/video-io';
import { z } from 'zod';
import { mapInChunks } from './data-folder.js';
import { DatasetError } from './error.js';
import { videoFile } from './video-file.js';
import type { VideoSet } from './video-set.js';

/** The options of {@link videoFolder}. */
export const videoFolderOptions = z.strictObject({
  /** Pixels of the frames. */
  height: z.int().min(8).max(1024).default(64),
  /** Pixels of the frames. */
  width: z.int().min(8).max(1024).default(64),
  /** `crop`: the middle of the picture, in its own proportions. `stretch`: the whole, in the new shape. */
  fit: z.enum(['crop', 'stretch']).default('crop'),
  /** 1 (gray) or 3 (red, green, blue). */
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  /** Frames a second to resample to; each frame of the file once unless told. */
  fps: z.number().min(0.01).max(1000).optional(),
  /**
   * Holds the background still where the camera shook, as the Golf data set's authors did; videos in which it moves
   * nevertheless cannot be used.
   */
  stabilize: z.boolean().default(false),
  /** Whether each sub-folder is a class; unless told, it is when all files are in sub-folders. */
  labeled: z.boolean().optional(),
});

/** What {@link videoFolderOptions} checks: the options, before their defaults are filled in. */
export type VideoFolderOptions = z.input<typeof videoFolderOptions>;

/**
 * Any folder of videos and GIFs that ffmpeg reads, with sub-folders of any depth. All files but hidden ones are
 * tried: what turns out to be no video is listed as such when it is packed.
 *
 * @param folder - where the files are. Links that lead out of it are not followed.
 * @returns a set for `preparePacked`, in the order of the names.
 * @throws DatasetError when the folder cannot be read or is empty, or is not in classes and should be;
 * FfmpegMissingError when there is no ffmpeg, or none that can stabilize; OptionsError for an option out of range.
 */
export async function videoFolder(
  folder: string,
  options: VideoFolderOptions = {},
): Promise<VideoSet> {
  const { labeled, ...decode } = parseOptions(videoFolderOptions, options, 'videoFolder');
  const ffmpeg = await ffmpegVersion();
  if (decode.stabilize) await checkStabilizer();
  const names = await filesIn(folder);
  if (names.length === 0) throw new DatasetError(`${folder}: there are no files in it`);
  const loose = names.find((name) => !name.includes('/'));
  if (labeled && loose) {
    throw new DatasetError(`${folder}: ${loose} is in no sub-folder, so it has no class`);
  }
  const classOf = (name: string) => name.slice(0, name.indexOf('/'));
  const classes = (labeled ?? !loose) ? [...new Set(names.map(classOf))].sort(byCode) : undefined;
  const labels = new Map(classes?.map((name, label) => [name, label]));
  const { height, width, channels } = decode;
  return {
    frame: { height, width, channels },
    classes,
    provenance: { set: 'folder', ...decode, ffmpeg },
    videos: await mapInChunks(names, (name) =>
      videoFile(
        folder,
        name,
        (path, complain) => decodeVideo(path, decode, complain),
        labels.get(classOf(name)),
      ),
    ),
  };
}

/** The files of a folder and its sub-folders but hidden ones, with slashes, in the order of their names. */
async function filesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  const walk = async (way: string) => {
    const entries = await readdir(join(folder, way), { withFileTypes: true });
    for (const entry of entries) {
      const name = way ? `${way}/${entry.name}` : entry.name;
      if (entry.name.startsWith('.')) continue;
      // A linked folder is not entered: it may lead out, or back.
      if (entry.isDirectory()) await walk(name);
      else names.push(name);
    }
  };
  try {
    await walk('');
  } catch (cause) {
    throw new DatasetError(`${folder}: cannot be read: ${(cause as Error).message}`, { cause });
  }
  return names.sort(byCode);
}

/** Not `localeCompare`: the order is to be the same everywhere. */
const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
