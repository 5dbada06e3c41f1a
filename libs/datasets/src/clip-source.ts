import type { Random } from '@tgan/core';
import { DatasetError } from './error.js';
import type { Json } from './video-set.js';

/** The size of every clip of a {@link ClipSource}. */
export interface ClipShape {
  readonly frames: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: number;
}

/** How another thread opens the same source: a function of this library and its arguments. */
export interface SourceRecipe {
  readonly open: 'movingMnist' | 'movingMnistFile' | 'packed';
  readonly given: readonly Json[];
}

/** A data set: numbered clips of one size. A {@link ClipLoader} makes batches of them. */
export interface ClipSource {
  /** The number of clips; undefined if it is unlimited. */
  readonly size: number | undefined;
  readonly clip: ClipShape;
  /** The names of the classes, by label, if the clips have labels. */
  readonly classes?: readonly string[];
  /** Which data set it is, which part of it, and how the clips are made; for a run's record. */
  readonly provenance?: Readonly<Record<string, Json>>;
  /** How a worker opens the same source, if it can. */
  readonly recipe?: SourceRecipe;

  /**
   * One clip: bytes 0..255, `[time, height, width, channels]`.
   *
   * @param index - from 0 to size - 1.
   * @param random - the source of random choices, such as the window of frames from a longer video.
   * The same index and random stream give the same bytes.
   * @returns bytes that the caller owns.
   */
  read(index: number, random: Random): Uint8Array | Promise<Uint8Array>;

  /** The label of a clip, an index into `classes`. */
  label?(index: number): number;

  /** Closes the file of the clips. Do not read after this. */
  close?(): Promise<void>;
}

/** Throws a DatasetError when there is no clip of that number. */
export function checkIndex(what: string, index: number, size = Infinity): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new DatasetError(`${what}: there is no clip ${index} among ${size}`);
  }
}

/**
 * The first frame of a window of `frames` out of `total`, each one as likely as the others. (The
 * original code draws `randint(total - frames)`, which never is the last one: of Moving MNIST's 20
 * frames it never showed the 20th.)
 */
export const windowStart = (total: number, frames: number, random: Random): number =>
  random.integer(total - frames + 1);

/** How many bytes a clip of that shape has. */
export const clipBytes = ({ frames, height, width, channels }: ClipShape): number =>
  frames * height * width * channels;
