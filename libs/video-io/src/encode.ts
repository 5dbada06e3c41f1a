import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { checkSize, type Film, type Image } from './clips.js';
import { loadSharp } from './load-sharp.js';

/** Options of {@link encodeGif} and {@link encodeWebp}. */
export interface AnimationOptions {
  /** Frames per second. Most players slow a GIF of more than 50 down. Default 10. */
  readonly fps?: number;
  /** How often the animation is shown; 0 repeats it forever. Default 0. */
  readonly loop?: number;
}

/** The schema of {@link AnimationOptions}. */
export const animationOptions = z.strictObject({
  fps: z.number().min(0.1).max(100).default(10),
  loop: z.int().min(0).max(65_535).default(0),
} satisfies OptionsShape<AnimationOptions>);

/**
 * An animated GIF. Gray pixels stay, to the nearest of the 255 shades that a frame can have; colors
 * are reduced to 255 a frame and dithered.
 *
 * @throws VideoError when the film's size and data do not fit, or sharp is not installed;
 * OptionsError for an option out of range.
 */
export async function encodeGif(film: Film, options: AnimationOptions = {}): Promise<Uint8Array> {
  const { fps, loop } = parseOptions(animationOptions, options, 'encodeGif');
  return (await raw(film))
    .gif({
      loop,
      // GIF counts in hundredths of a second.
      delay: delays(film.frames, fps, 10),
      dither: film.channels === 1 ? 0 : 1,
      keepDuplicateFrames: true,
    })
    .toBuffer();
}

/**
 * An animated WebP, lossless: every pixel stays as it is. Frames that do not change are joined into
 * one.
 *
 * @throws VideoError when the film's size and data do not fit, or sharp is not installed;
 * OptionsError for an option out of range.
 */
export async function encodeWebp(film: Film, options: AnimationOptions = {}): Promise<Uint8Array> {
  const { fps, loop } = parseOptions(animationOptions, options, 'encodeWebp');
  return (await raw(film))
    .webp({ loop, delay: delays(film.frames, fps, 1), lossless: true })
    .toBuffer();
}

/**
 * A PNG.
 *
 * @throws VideoError when the image's size and data do not fit, so also for a {@link Film} of
 * several frames.
 */
export async function encodePng(image: Image): Promise<Uint8Array> {
  return (await raw({ ...image, frames: 1 }))
    .toColorspace(image.channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
}

/** The film as sharp takes it: its frames on top of each other. */
async function raw({ frames, height, width, channels, data }: Film) {
  checkSize([frames, height, width, channels], data);
  const description = { width, height: frames * height, channels, pageHeight: height };
  const sharp = await loadSharp();
  return sharp(data, { raw: description, limitInputPixels: false });
}

/** How long each frame stays, in milliseconds: rounded, but in the long run exact. */
function delays(frames: number, fps: number, unit: number): number[] {
  const end = (frame: number) => Math.round((frame * 1000) / fps / unit) * unit;
  return Array.from({ length: frames }, (_, i) => end(i + 1) - end(i));
}
