import { resolve } from 'node:path';
import { VideoError } from './clips.js';
import { ffmpegVersion } from './ffmpeg.js';
import type { FfmpegProcess } from './ffmpeg-process.js';
import type { Picture } from './picture.js';

/**
 * What holds moving pictures. Text, playlists and scripts that ffmpeg would follow elsewhere are
 * left out.
 */
const containers = [
  ...['avi', 'mov', 'mp4', 'matroska', 'webm', 'gif', 'mpeg', 'mpegts', 'mpegvideo', 'flv', 'asf'],
  ...['ogg', 'nut', 'm4v', 'h263', 'h264', 'hevc', 'obu', 'vc1', 'ivf', 'dv', 'rm', 'mxf', 'apng'],
  ...['mjpeg', 'yuv4mpegpipe', 'flic'],
].join(',');

/**
 * The largest picture that is decoded: 8K and a half. A header that claims more is a damaged or
 * hostile file.
 */
const maxPixels = 50_000_000;

/** How ffmpeg reads the pictures of a video: the same ones each time, each once. */
export async function inputArguments(path: string, { decoder }: Picture): Promise<string[]> {
  // Before 5.1 the option that keeps ffmpeg from repeating and dropping frames had another name.
  const old = /^([0-4]\.|5\.0)/.test(await ffmpegVersion());
  return [
    ...['-threads', '1', '-max_pixels', `${maxPixels}`],
    ...(decoder ? ['-c:v', decoder] : []),
    // The prefix and the lists keep ffmpeg to this one file, whatever its name or contents say.
    ...['-protocol_whitelist', 'file', '-format_whitelist', containers],
    ...['-i', `file:${resolve(path)}`],
    // V: moving pictures only, no cover art.
    ...['-map', '0:V:0', '-filter_threads', '1'],
    ...[old ? '-vsync' : '-fps_mode', 'passthrough'],
  ];
}

/**
 * What ffmpeg writes.
 *
 * @param patience - seconds that it may be silent.
 * @throws VideoError when it is silent for longer; FfmpegMissingError when it never ran.
 */
export async function* outputOf(
  { child, ended }: FfmpegProcess,
  patience: number,
  path: string,
): AsyncGenerator<Buffer, void, void> {
  const chunks = child.stdout![Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const { value, done } = await withPatience(chunks.next(), patience, path);
    if (done) break;
    yield value;
  }
  await ended; // throws where ffmpeg never ran
}

/**
 * Waits for something that ffmpeg says.
 *
 * @param patience - seconds that it may be silent.
 * @throws VideoError when it is silent for longer.
 */
export async function withPatience<T>(
  next: Promise<T>,
  patience: number,
  path: string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const error = new VideoError(`${path}: ffmpeg was silent for ${patience} seconds`);
    timer = setTimeout(() => reject(error), patience * 1000);
  });
  next.catch(() => {}); // when it fails too late
  return Promise.race([next, silence]).finally(() => clearTimeout(timer));
}
