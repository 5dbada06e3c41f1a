import { parseOptions, type OptionsShape } from '@tgan/core';
import { checkStabilizer, decodeOptions, decodeVideo, ffmpegVersion } from '@tgan/video-io';
import * as z from 'zod';
import { mapInChunks } from './data-folder.js';
import { DatasetError } from './error.js';
import { filesIn } from './folder-files.js';
import { videoFile, type FileReader } from './video-file.js';
import { channelsOption, classesOf, type Classes, type Video, type VideoSet } from './video-set.js';

/** Options of {@link videoFolder}. */
export interface VideoFolderOptions {
  /** Pixels of the frames. Default 64. */
  readonly height?: number;
  /** Pixels of the frames. Default 64. */
  readonly width?: number;
  /**
   * `crop`: the middle of the frame, in its own proportions. `stretch`: the whole, in the new
   * shape. Default `crop`.
   */
  readonly fit?: 'stretch' | 'crop';
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
  /** Frames per second to resample to. Default: each frame of the file once. */
  readonly fps?: number;
  /**
   * Removes camera shake, so that the background stands still, as the authors of the Golf data set
   * did. Videos in which it still moves are left out. Default false.
   */
  readonly stabilize?: boolean;
  /** The color behind transparent pixels. Default `#ffffff`. */
  readonly background?: string;
  /**
   * Whether each sub-folder is a class. Default: if all usable videos are in sub-folders. `true`
   * leaves out the other videos.
   */
  readonly labeled?: boolean;
  /** Whether to follow symbolic links that lead outside the folder. Default false. */
  readonly followLinks?: boolean;
}

/** The schema of {@link VideoFolderOptions}. */
export const videoFolderOptions = z.strictObject({
  height: z.int().min(8).max(1024).default(64),
  width: z.int().min(8).max(1024).default(64),
  fit: z.enum(['crop', 'stretch']).default('crop'),
  channels: channelsOption,
  fps: z.number().min(0.01).max(1000).optional(),
  stabilize: z.boolean().default(false),
  background: decodeOptions.shape.background,
  labeled: z.boolean().optional(),
  followLinks: z.boolean().default(false),
} satisfies OptionsShape<VideoFolderOptions>);

/**
 * Any folder of videos and GIFs that ffmpeg reads, with sub-folders of any depth. All files but
 * hidden ones are tried, and those that `preparePacked` writes. Files that are not videos are
 * listed when the set is packed, and so are sub-folders that cannot be read.
 *
 * The classes are the sub-folders of the videos that can be used. If all of these videos are in one
 * sub-folder, the folders in it are the classes, and so on.
 *
 * @param folder - where the files are.
 * @returns a set for `preparePacked`, in the order of the names.
 * @throws DatasetError when the folder cannot be read or is empty; FfmpegMissingError when there is
 * no ffmpeg, or none that can stabilize; OptionsError for an option out of range.
 */
export async function videoFolder(
  folder: string,
  options: VideoFolderOptions = {},
): Promise<VideoSet> {
  const parsed = parseOptions(videoFolderOptions, options, 'videoFolder');
  const { labeled, followLinks, ...decode } = parsed;
  const ffmpeg = await ffmpegVersion();
  if (decode.stabilize) await checkStabilizer();
  const files = await filesIn(folder, followLinks);
  if (files.length === 0) throw new DatasetError(`${folder}: there are no files in it`);
  const { height, width, channels } = decode;
  return {
    frame: { height, width, channels },
    ...(labeled !== false && { classify: folderClasses }),
    provenance: { set: 'folder', ...decode, ...(labeled !== undefined && { labeled }), ffmpeg },
    videos: await mapInChunks(files, async ({ name, problem }) => {
      const loose = labeled && !name.includes('/');
      const unfit = problem ?? (loose ? 'it is in no sub-folder, so it has no class' : undefined);
      if (unfit !== undefined) return unusable(name, unfit);
      const read: FileReader = (path, complain) => decodeVideo(path, decode, complain);
      return videoFile(folder, name, read, { followLinks });
    }),
  };
}

/**
 * The classes of videos by their sub-folders. Folders that all of them are in do not count, as long
 * as there are others below.
 *
 * @param names - paths with slashes.
 * @returns undefined when a video is in no sub-folder, or there are no videos.
 */
export function folderClasses(names: readonly string[]): Classes | undefined {
  const ways = names.map((name) => name.split('/').slice(0, -1));
  if (ways.length === 0) return undefined;
  const shared = (depth: number) =>
    ways.every((way) => way.length > depth + 1 && way[depth] === ways[0][depth]);
  let depth = 0;
  while (shared(depth)) depth++;
  return classesOf(ways.map((way) => way[depth]));
}

const unusable = (name: string, reason: string): Video => ({
  name,

  async *frames() {
    throw new DatasetError(reason);
  },
});
