import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { color, VideoError } from './clips.js';
import { loadSharp } from './load-sharp.js';

/** Options of {@link decodeStrip}. */
export interface StripOptions {
  /** Pixels of a frame that comes out. */
  readonly height: number;
  /** Pixels of a frame that comes out. */
  readonly width: number;
  /** 1 (gray) or 3 (red, green, blue). Default 3. */
  readonly channels?: 1 | 3;
  /** The color behind transparent pixels. Default `#ffffff`. */
  readonly background?: string;
}

/** The schema of {@link StripOptions}. */
export const stripOptions = z.strictObject({
  height: z.int().min(1).max(4096),
  width: z.int().min(1).max(4096),
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  background: color.default('#ffffff'),
} satisfies OptionsShape<StripOptions>);

/**
 * The largest strip that is decoded: 4096 frames of 128x128. A larger claim is a damaged or hostile
 * file.
 */
const maxPixels = 2 ** 26;

/**
 * The frames of a picture strip: square frames stacked downward in one JPEG or PNG, as the Golf
 * data set has them. Each frame is resized by itself.
 *
 * @returns frames `[height, width, channels]`, bytes 0..255. The caller owns them.
 * @throws VideoError when the file is no picture, or its height is no multiple of its width.
 */
export async function* decodeStrip(
  path: string,
  options: StripOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { height, width, channels, background } = parseOptions(
    stripOptions,
    options,
    'decodeStrip',
  );
  const sharp = await loadSharp();
  const space = channels === 1 ? 'b-w' : 'srgb';
  const { data, info } = await sharp(path, { limitInputPixels: maxPixels, failOn: 'truncated' })
    .flatten({ background })
    .toColorspace(space)
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw new VideoError(`${path}: not a readable picture: ${cause.message}`, { cause });
    });
  const side = info.width;
  if (info.height % side !== 0) {
    throw new VideoError(`${path}: ${side}x${info.height} is no stack of ${side}x${side} frames`);
  }
  const raw = { width: side, height: side, channels: info.channels };
  const bytes = side * side * info.channels;
  for (let at = 0; at < data.length; at += bytes) {
    const frame = await sharp(data.subarray(at, at + bytes), { raw })
      .resize(width, height, { fit: 'fill' })
      .toColorspace(space)
      .raw()
      .toBuffer();
    yield new Uint8Array(frame);
  }
}
