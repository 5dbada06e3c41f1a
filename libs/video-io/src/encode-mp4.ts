import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { checkSize, VideoError, type Film } from './clips.js';
import { startFfmpeg } from './ffmpeg-process.js';

/** Options of {@link encodeMp4}. */
export interface Mp4Options {
  /** Frames per second. Default 10. */
  readonly fps?: number;
  /**
   * x264's constant rate factor: 0 is lossless, 18 looks it, 51 is the smallest file. Default 18.
   */
  readonly quality?: number;
}

/** The schema of {@link Mp4Options}. */
export const mp4Options = z.strictObject({
  fps: z.number().min(0.1).max(1000).default(10),
  quality: z.int().min(0).max(51).default(18),
} satisfies OptionsShape<Mp4Options>);

/**
 * Encodes an MP4 (H.264) that browsers show, with ffmpeg. H.264 in browsers needs an even height
 * and width, so a film of odd size gets a white row or column.
 *
 * @throws FfmpegMissingError when there is no ffmpeg; VideoError when it cannot encode H.264, or
 * the film's size and data do not fit; OptionsError for an option out of range.
 */
export async function encodeMp4(film: Film, options: Mp4Options = {}): Promise<Uint8Array> {
  const { fps, quality } = parseOptions(mp4Options, options, 'encodeMp4');
  const { frames, height, width, channels, data } = film;
  checkSize([frames, height, width, channels], data);
  // A file, not a pipe: MP4's index is written last and moved to the front.
  const folder = await mkdtemp(join(tmpdir(), 'tgan-mp4-'));
  const path = join(folder, 'film.mp4');
  const { child, complaints, ended, stop } = startFfmpeg(
    [
      ...['-f', 'rawvideo', '-pix_fmt', channels === 1 ? 'gray' : 'rgb24'],
      ...['-s', `${width}x${height}`, '-r', `${fps}`, '-i', 'pipe:0'],
      ...['-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white'],
      ...['-c:v', 'libx264', '-crf', `${quality}`, '-pix_fmt', 'yuv420p'],
      ...['-movflags', '+faststart', '-fflags', '+bitexact', path],
    ],
    { input: true },
  );
  try {
    child.stdin!.on('error', () => {}); // ffmpeg stopped reading: its exit code says so
    child.stdout!.resume();
    child.stdin!.end(data);
    const { code } = await ended;
    if (code !== 0) {
      throw new VideoError(`ffmpeg made no MP4: ${complaints().slice(0, 3).join('; ')}`);
    }
    return await readFile(path);
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
