import { sizeOf } from '@tgan/core';
import * as z from 'zod';

/** Several videos of one size. */
export interface Clips {
  /** Bytes 0..255, row-major. */
  readonly data: Uint8Array;
  readonly shape: readonly [
    count: number,
    time: number,
    height: number,
    width: number,
    channels: number,
  ];
}

/** One picture. */
export interface Image {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: 1 | 3;
  /** Bytes 0..255, `[height, width, channels]`. */
  readonly data: Uint8Array;
}

/**
 * One video; its data is `[frames, height, width, channels]`. A video of one frame is an {@link
 * Image}.
 */
export interface Film extends Image {
  readonly frames: number;
}

/**
 * Images or videos that cannot be laid out, encoded or decoded as requested. The message says why.
 */
export class VideoError extends Error {
  override readonly name: string = 'VideoError';
}

/**
 * Throws a VideoError if the data of clips do not match their shape, or they are neither gray nor
 * color.
 */
export function checkClips({ data, shape }: Clips): 1 | 3 {
  const channels = shape[4];
  if (channels !== 1 && channels !== 3) {
    throw new VideoError(`clips have 1 channel (gray) or 3 (color), not ${channels}`);
  }
  checkSize(shape, data);
  return channels;
}

/** Throws a VideoError when an array is empty or has not as many bytes as its shape says. */
export function checkSize(shape: readonly number[], data: Uint8Array): void {
  const size = sizeOf(shape);
  if (!shape.every((n) => Number.isInteger(n) && n > 0)) {
    throw new VideoError(`there is nothing to show in a video of ${shape.join(' x ')}`);
  }
  if (data.length !== size) {
    throw new VideoError(`${shape.join(' x ')} takes ${size} bytes, got ${data.length}`);
  }
}

/** The schema of a color, such as `#ffffff`. */
export const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'a color such as #ffffff');
