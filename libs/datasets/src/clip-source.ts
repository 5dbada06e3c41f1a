import type { Random } from '@tgan/random';

/** The size of every clip of a {@link ClipSource}. */
export interface ClipShape {
  readonly frames: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 (grey) or 3 (red, green, blue). */
  readonly channels: number;
}

/** A data set: numbered clips of one size, that a {@link ClipLoader} puts into batches. */
export interface ClipSource {
  /** How many clips there are; undefined when they never end. */
  readonly size: number | undefined;
  readonly clip: ClipShape;
  /** The names of the classes, by label, when the clips have labels. */
  readonly classes?: readonly string[];

  /**
   * One clip: bytes 0..255, `[time, height, width, channels]`.
   *
   * @param index - from 0 to size - 1.
   * @param random - where the source draws what it leaves to chance, such as the window of frames that it
   * takes out of a longer video. The same index and the same random stream give the same bytes.
   * @returns bytes that are the caller's to keep and to change.
   */
  read(index: number, random: Random): Uint8Array | Promise<Uint8Array>;

  /** The label of a clip, an index into `classes`. */
  label?(index: number): number;
}

/** How many bytes a clip of that shape has. */
export const clipBytes = ({ frames, height, width, channels }: ClipShape): number =>
  frames * height * width * channels;
