import { resolve } from 'node:path';
import {
  NpyError,
  type NpyHeader,
  parseNpyHeader,
  parseOptions,
  type OptionsShape,
} from '@tgan/core';
import * as z from 'zod';
import { checkIndex, windowStart, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import { RangeFile } from './range-file.js';

/** Options of {@link movingMnistFile}. */
export interface MovingMnistFileOptions {
  /** Frames of a clip, from a random start in the video (paper: 16 of 20). Default 16. */
  readonly frames?: number;
}

/** The schema of {@link MovingMnistFileOptions}. */
export const movingMnistFileOptions = z.strictObject({
  frames: z.int().min(1).default(16),
} satisfies OptionsShape<MovingMnistFileOptions>);

/** An .npy header is never longer. */
const headerBytes = 65_536;

/**
 * The published Moving MNIST, `mnist_test_seq.npy`: bytes `[20, 10000, 64, 64]`, frames before
 * videos. Any .npy file of that form will do. Each clip is read by range when it is asked for; the
 * file's 800 MB are never in memory.
 *
 * @param path - the file.
 * @returns clips `[frames, height, width, 1]`; `close` it when done.
 * @throws DatasetError when the file cannot be read, is of another form, or has fewer frames than
 * asked for; OptionsError for an option out of range.
 */
export async function movingMnistFile(
  path: string,
  options: MovingMnistFileOptions = {},
): Promise<ClipSource> {
  const { frames } = parseOptions(movingMnistFileOptions, options, 'movingMnistFile');
  const file = await RangeFile.open(path);
  try {
    const { shape, dataOffset } = await readHeader(file);
    const [time, count, height, width] = shape;
    if (frames > time) {
      throw new DatasetError(`${path}: its videos have ${time} frames, ${frames} are asked for`);
    }
    const frameBytes = height * width;
    return {
      size: count,
      clip: { frames, height, width, channels: 1 },
      provenance: { set: 'moving-mnist-file', shape, frames },
      recipe: { open: 'movingMnistFile', given: [resolve(path), { frames }] },
      async read(index, random) {
        checkIndex('movingMnistFile', index, count);
        const start = windowStart(time, frames, random);
        const clip = new Uint8Array(frames * frameBytes);
        for (let t = 0; t < frames; t++) {
          const frame = clip.subarray(t * frameBytes, (t + 1) * frameBytes);
          await file.readInto(frame, dataOffset + ((start + t) * count + index) * frameBytes);
        }
        return clip;
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: RangeFile): Promise<NpyHeader> {
  let header: NpyHeader;
  try {
    const start = await file.read(0, Math.min(headerBytes, file.size));
    header = parseNpyHeader(start, file.size);
  } catch (cause) {
    if (!(cause instanceof NpyError)) throw cause;
    throw new DatasetError(`${file.path}: ${cause.message}`, { cause });
  }
  const { type, shape } = header;
  if (type !== 'u1' || shape.length !== 4 || shape.includes(0)) {
    throw new DatasetError(
      `${file.path}: ${type} of ${shape.join(' x ')}; Moving MNIST is u1 of time x videos x height x width`,
    );
  }
  return header;
}
