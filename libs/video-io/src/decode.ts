import { resolve } from 'node:path';
import { parseOptions } from '@tgan/options';
import { z } from 'zod';
import { VideoError } from './clips.js';
import { ffmpegVersion, startFfmpeg, type FfmpegProcess } from './ffmpeg.js';

/** The options of {@link decodeVideo}. */
export const decodeOptions = z.strictObject({
  /** Pixels of each frame that comes out. */
  height: z.int().min(1).max(8192),
  /** Pixels of each frame that comes out. */
  width: z.int().min(1).max(8192),
  /** `stretch`: the whole picture, in the new shape. `crop`: its middle, in its own proportions. */
  fit: z.enum(['stretch', 'crop']).default('stretch'),
  /** 1 (grey) or 3 (red, green, blue). */
  channels: z.union([z.literal(1), z.literal(3)]).default(3),
  /** Frames a second to resample to. Unless told, each frame of the file comes once, however long it shows. */
  fps: z.number().min(0.01).max(1000).optional(),
  /** Seconds that ffmpeg may be silent before the file is given up. */
  patience: z.number().min(0.1).max(3600).default(60),
});

/** What {@link decodeOptions} checks: the options, before their defaults are filled in. */
export type DecodeOptions = z.input<typeof decodeOptions>;

/** What holds moving pictures; text, playlists and scripts that ffmpeg would follow elsewhere are left out. */
const containers = [
  ...['avi', 'mov', 'mp4', 'matroska', 'webm', 'gif', 'mpeg', 'mpegts', 'mpegvideo', 'flv', 'asf'],
  ...['ogg', 'nut', 'm4v', 'h264', 'hevc', 'ivf', 'dv', 'rm', 'mxf', 'yuv4mpegpipe', 'apng'],
].join(',');

/** The largest picture that is decoded: 8K and a half. A header that claims more is a damaged or hostile file. */
const maxPixels = 50_000_000;

/**
 * The frames of a video, in order, resized on the way, one at a time: the file is never in memory as a whole.
 * Videos that are stored on their side come out upright; sound is ignored.
 *
 * @param path - a video file, or an animated GIF.
 * @param options - see {@link decodeOptions}.
 * @param complain - hears, at the end, what ffmpeg found wrong with a file whose frames it could decode
 * nevertheless, in part or by guessing.
 * @returns frames `[height, width, channels]`, bytes 0..255, each the caller's to keep.
 * @throws FfmpegMissingError when there is no ffmpeg; VideoError when the file is no video or gives no frame;
 * OptionsError for an option out of range.
 */
export async function* decodeVideo(
  path: string,
  options: DecodeOptions,
  complain: (reason: string) => void = () => {},
): AsyncGenerator<Uint8Array, void, void> {
  const parsed = parseOptions(decodeOptions, options, 'decodeVideo');
  const { height, width, channels, patience } = parsed;
  const ffmpeg = startFfmpeg(arguments_(path, parsed, await ffmpegVersion()));
  let frames = 0;
  try {
    for await (const frame of pieces(ffmpeg, height * width * channels, patience, path)) {
      frames++;
      yield frame;
    }
    const { code, signal } = await ffmpeg.ended;
    const reason = ffmpeg.complaints().slice(0, 3).join('; ');
    if (signal) throw new VideoError(`${path}: ffmpeg was ended by ${signal}`);
    if (frames === 0)
      throw new VideoError(`${path}: no frame could be decoded: ${reason || 'it is empty'}`);
    if (code) throw new VideoError(`${path}: ffmpeg gave up after ${frames} frames: ${reason}`);
    if (reason) complain(reason);
  } finally {
    await ffmpeg.stop();
  }
}

function arguments_(path: string, options: z.output<typeof decodeOptions>, version: string) {
  const { height, width, fit, channels, fps } = options;
  const resize =
    fit === 'stretch'
      ? `scale=${width}:${height}`
      : `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`;
  // Before 5.1 the option that keeps ffmpeg from repeating and dropping frames had another name.
  const old = /^([0-4]\.|5\.0)/.test(version);
  return [
    ...['-v', 'error', '-threads', '1', '-max_pixels', `${maxPixels}`],
    // The prefix and the lists keep ffmpeg to this one file, whatever its name or contents say.
    ...['-protocol_whitelist', 'file', '-format_whitelist', containers],
    ...['-i', `file:${resolve(path)}`],
    // V: moving pictures only, no cover art.
    ...['-map', '0:V:0', '-filter_threads', '1'],
    ...['-vf', fps === undefined ? resize : `fps=${fps},${resize}`],
    ...[old ? '-vsync' : '-fps_mode', 'passthrough'],
    ...['-pix_fmt', channels === 1 ? 'gray' : 'rgb24', '-f', 'rawvideo', 'pipe:1'],
  ];
}

/** What ffmpeg writes, in pieces of `size` bytes. A last piece that is cut short is left out. */
async function* pieces(
  { child, ended }: FfmpegProcess,
  size: number,
  patience: number,
  path: string,
): AsyncGenerator<Uint8Array> {
  const chunks = child.stdout![Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let piece = new Uint8Array(size);
  let filled = 0;
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const error = new VideoError(`${path}: ffmpeg was silent for ${patience} seconds`);
      timer = setTimeout(() => reject(error), patience * 1000);
    });
    const next = chunks.next();
    next.catch(() => {});
    const { value: chunk, done } = await Promise.race([next, silence]).finally(() =>
      clearTimeout(timer),
    );
    if (done) break;
    for (let at = 0; at < chunk.length;) {
      const taken = Math.min(size - filled, chunk.length - at);
      piece.set(chunk.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled === size) {
        yield piece;
        piece = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  await ended; // throws where ffmpeg never ran
}
