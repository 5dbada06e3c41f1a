import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { OptionsError, parseOptions, type Entry, type Random, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { checkIndex, windowStart, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import { frameBytesOf, headBytes, readIndex, type PackedIndex } from './packed-format.js';
import { RangeFile } from './range-file.js';
import type { DatasetContext } from './registries.js';
import type { Crop } from './video-set.js';

/** Options of {@link packed}. */
export interface PackedOptions {
  /**
   * Frames of a clip, from a random start in the video. Shorter videos are left out. Default 16.
   */
  readonly frames?: number;
  /**
   * Also crops at a random place, and mirrors half of the clips from left to right (original code:
   * the `Augmented` data sets). Default false.
   */
  readonly augment?: boolean;
}

/** The schema of {@link PackedOptions}. */
export const packedOptions = z.strictObject({
  frames: z.int().min(1).default(16),
  augment: z
    .boolean()
    .default(false)
    .describe('crop at a random place, and mirror half of the clips'),
} satisfies OptionsShape<PackedOptions>);

/** The contents of a packed file. */
export interface PackedInfo extends PackedIndex {
  /** Bytes of the whole file. */
  readonly fileBytes: number;
  /** SHA-256 of the index, which contains those of all videos. It identifies the contents. */
  readonly sha256: string;
}

/** The clips of a packed file. */
export interface PackedSource extends ClipSource {
  readonly info: PackedInfo;
}

/**
 * The clips of a file that {@link preparePacked} wrote, one from each video. They are read at
 * random places, without a decoder.
 *
 * @returns clips of `frames` frames, the size of the set's crop; `close` it when done.
 * @throws DatasetError when the file is damaged or no packed file, or all its videos are too short;
 * OptionsError for an option out of range.
 */
export async function packed(path: string, options: PackedOptions = {}): Promise<PackedSource> {
  const { frames, augment } = parseOptions(packedOptions, options, 'packed');
  const file = await RangeFile.open(path);
  try {
    const info = await infoOf(file);
    const { frame, classes, provenance } = info;
    const crop = info.crop ?? { top: 0, left: 0, height: frame.height, width: frame.width };
    const frameBytes = frameBytesOf(info);
    const long = placed(info).filter((video) => video.frames >= frames);
    if (long.length === 0) {
      throw new DatasetError(
        `${path}: none of its ${info.videos.length} videos has ${frames} frames`,
      );
    }
    const label = (index: number) => long[index].label!;
    return {
      info,
      size: long.length,
      clip: { frames, height: crop.height, width: crop.width, channels: frame.channels },
      ...(classes && long.every((video) => video.label !== undefined) && { classes, label }),
      provenance: { ...provenance, packed: info.sha256, augment },
      recipe: { open: 'packed', given: [resolve(path), { frames, augment }] },
      async read(index, random) {
        checkIndex('packed', index, long.length);
        const video = long[index];
        const start = windowStart(video.frames, frames, random);
        const view = augment ? anywhere(crop, frame, random) : { crop, mirror: false };
        const bytes = await file.read(video.offset + start * frameBytes, frames * frameBytes);
        return cut(bytes, frames, frame, view.crop, view.mirror);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The contents of a packed file, without its frames.
 *
 * @throws DatasetError when the file is damaged or no packed file.
 */
export async function readPackedInfo(path: string): Promise<PackedInfo> {
  const file = await RangeFile.open(path);
  try {
    return await infoOf(file);
  } finally {
    await file.close();
  }
}

/**
 * Reads all of a packed file and compares it with its checksums.
 *
 * @param progress - called for each video that was read, with the number of finished videos and of
 * all.
 * @throws DatasetError that names the videos whose frames are damaged, and when the file cannot be
 * read at all.
 */
export async function verifyPacked(
  path: string,
  progress: (done: number, of: number) => void = () => {},
): Promise<PackedInfo> {
  const file = await RangeFile.open(path);
  try {
    const info = await infoOf(file);
    const damaged: string[] = [];
    let done = 0;
    for (const { name, sha256, offset, frames } of placed(info)) {
      if ((await digest(file, offset, frames * frameBytesOf(info))) !== sha256) damaged.push(name);
      progress(++done, info.videos.length);
    }
    if (damaged.length > 0) {
      const shown = damaged.slice(0, 10).join(', ') + (damaged.length > 10 ? ', ...' : '');
      throw new DatasetError(
        `${path}: the frames of ${damaged.length} of ${done} videos are damaged: ${shown}; prepare it again`,
      );
    }
    return info;
  } finally {
    await file.close();
  }
}

/** SHA-256 of a part of a file, read in pieces. */
export async function digest(file: RangeFile, offset: number, length: number): Promise<string> {
  const hash = createHash('sha256');
  const piece = 2 ** 20;
  for (let at = 0; at < length; at += piece) {
    hash.update(await file.read(offset + at, Math.min(piece, length - at)));
  }
  return hash.digest('hex');
}

async function infoOf(file: RangeFile): Promise<PackedInfo> {
  const { index, sha256 } = await readIndex(file);
  return { ...index, fileBytes: file.size, sha256 };
}

/** The videos with the places of their frames in the file. */
function placed(index: PackedIndex) {
  let offset = headBytes;
  return index.videos.map((video) => {
    const at = offset;
    offset += video.frames * frameBytesOf(index);
    return { ...video, offset: at };
  });
}

/** A crop of the same size at any place of the frame, mirrored or not. */
function anywhere(crop: Crop, frame: PackedIndex['frame'], random: Random) {
  const top = random.integer(frame.height - crop.height + 1);
  const left = random.integer(frame.width - crop.width + 1);
  return { crop: { ...crop, top, left }, mirror: random.integer(2) === 1 };
}

/** The crop of each frame; `bytes` itself where the crop is the whole frame. */
function cut(
  bytes: Uint8Array,
  frames: number,
  frame: PackedIndex['frame'],
  crop: Crop,
  mirror: boolean,
): Uint8Array {
  const { channels } = frame;
  const whole = crop.height === frame.height && crop.width === frame.width;
  if (whole && !mirror) return bytes;
  const row = crop.width * channels;
  const out = new Uint8Array(frames * crop.height * row);
  for (let t = 0; t < frames; t++) {
    for (let y = 0; y < crop.height; y++) {
      const from = ((t * frame.height + crop.top + y) * frame.width + crop.left) * channels;
      const to = (t * crop.height + y) * row;
      if (!mirror) {
        out.set(bytes.subarray(from, from + row), to);
        continue;
      }
      for (let x = 0; x < crop.width; x++) {
        const pixel = from + (crop.width - 1 - x) * channels;
        for (let c = 0; c < channels; c++) out[to + x * channels + c] = bytes[pixel + c];
      }
    }
  }
  return out;
}

const entryOptions = z.strictObject({
  data: z.string().default('').describe('the packed file to read (see tgan dataset prepare)'),
  augment: packedOptions.shape.augment,
});

/** A file that `preparePacked` wrote, as the data set `packed`. */
export const packedEntry: Entry<ClipSource, DatasetContext, typeof entryOptions> = {
  name: 'packed',
  description: 'clips from a packed file of videos',
  options: entryOptions,
  create({ data, augment }, { frames }) {
    if (!data) {
      throw new OptionsError(
        'dataset packed: data: expected the path of a packed file; it needs --data FILE, which `tgan dataset prepare` makes',
      );
    }
    return packed(data, { frames, augment });
  },
};
