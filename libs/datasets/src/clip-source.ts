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

/**
 * How another thread opens the same source: one of this library's functions, and what it is given.
 */
export interface SourceRecipe {
  readonly open: 'movingMnist' | 'movingMnistFile' | 'packed';
  readonly given: readonly Json[];
}

/** A data set: numbered clips of one size, that a {@link ClipLoader} puts into batches. */
export interface ClipSource {
  /** How many clips there are; undefined when they never end. */
  readonly size: number | undefined;
  readonly clip: ClipShape;
  /** The names of the classes, by label, when the clips have labels. */
  readonly classes?: readonly string[];
  /** Which data set it is, which part of it, and how the clips are made; for a run's record. */
  readonly provenance?: Readonly<Record<string, Json>>;
  /** How a worker opens the same source, where one can. */
  readonly recipe?: SourceRecipe;

  /**
   * One clip: bytes 0..255, `[time, height, width, channels]`.
   *
   * @param index - from 0 to size - 1.
   * @param random - where the source draws what is random, such as the window of frames that it
   * takes from a longer video. The same index and the same random stream give the same bytes.
   * @returns bytes that are the caller's to keep and to change.
   */
  read(index: number, random: Random): Uint8Array | Promise<Uint8Array>;

  /** The label of a clip, an index into `classes`. */
  label?(index: number): number;

  /** Closes the file that the clips are in. No read may follow. */
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
