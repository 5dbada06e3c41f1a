import { Random } from '@tgan/core';
import * as z from 'zod';
import { clipBytes, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';

/** A value that JSON can represent. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The size of a frame. */
export interface FrameShape {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: 1 | 3;
}

/** A part of a frame, in pixels. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** One video of a {@link VideoSet}. */
export interface Video {
  /** Its name in lists and messages: its path in the data set, if it has one. */
  readonly name: string;
  /** An index into the set's `classes`. */
  readonly label?: number;
  /** The size of its file, by which a resumed preparation notices another file of that name. */
  readonly bytes?: number;

  /**
   * Its frames, in order: bytes `[height, width, channels]`, each the caller's to keep. What could
   * be used but is damaged calls `complain`; what cannot be used throws a DatasetError or a
   * VideoError.
   */
  frames(complain: (reason: string) => void): AsyncIterable<Uint8Array>;
}

/** Which class each of some videos is in. */
export interface Classes {
  /** The names of the classes. */
  readonly classes: readonly string[];
  /** For each video, an index into `classes`. */
  readonly labels: readonly number[];
}

/** Classes out of the name of each video's class; undefined when one has none. */
export function classesOf(categories: readonly (string | undefined)[]): Classes | undefined {
  if (categories.includes(undefined)) return undefined;
  const classes = [...new Set(categories as string[])].sort(byCode);
  const labels = new Map(classes.map((name, label) => [name, label]));
  return { classes, labels: categories.map((name) => labels.get(name!)!) };
}

/** Not `localeCompare`: the order is to be the same everywhere. */
export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The option of a set that can be gray. */
export const channelsOption = z.union([z.literal(1), z.literal(3)]).default(3);

/** A data set as it comes: videos of one frame size and any length, for `preparePacked`. */
export interface VideoSet {
  readonly frame: FrameShape;
  /** The part of the frames for training. Default: the whole frame. */
  readonly crop?: Crop;
  /** The classes, if they come from a list. */
  readonly classes?: readonly string[];
  /**
   * The classes of the videos that can be used, by their names, where they follow from those
   * videos. Undefined when these videos have no classes.
   */
  readonly classify?: (names: readonly string[]) => Classes | undefined;
  readonly videos: readonly Video[];
  /**
   * Which data set it is, which part, and how its frames were made; for a run's record. No paths of
   * a machine.
   */
  readonly provenance: Readonly<Record<string, Json>>;
}

/**
 * The clips of a source as videos, to be packed.
 *
 * @throws DatasetError when the clips never end.
 */
export function videosOf(source: ClipSource): VideoSet {
  const { size, clip, classes, provenance = {} } = source;
  const { height, width, channels } = clip;
  if (size === undefined) throw new DatasetError('videosOf: the clips never end; give them a size');
  if (channels !== 1 && channels !== 3) {
    throw new DatasetError(`videosOf: frames have 1 or 3 channels, not ${channels}`);
  }
  const frameBytes = height * width * channels;
  const digits = `${size - 1}`.length;
  return {
    frame: { height, width, channels },
    classes,
    provenance,
    videos: Array.from({ length: size }, (_, index) => ({
      name: `clip-${`${index}`.padStart(digits, '0')}`,
      label: source.label?.(index),
      async *frames() {
        const bytes = await source.read(index, new Random(index));
        for (let at = 0; at < clipBytes(clip); at += frameBytes) {
          yield bytes.slice(at, at + frameBytes);
        }
      },
    })),
  };
}
