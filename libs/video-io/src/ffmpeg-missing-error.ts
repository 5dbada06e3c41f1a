import { VideoError } from './clips.js';

/** There is no ffmpeg to run, or it lacks a part. The message says how to get it. */
export class FfmpegMissingError extends VideoError {
  override readonly name = 'FfmpegMissingError';

  constructor(path: string, { lacks, ...options }: ErrorOptions & { lacks?: string } = {}) {
    const problem = lacks
      ? `"${path}" is built without ${lacks}: install one that has it`
      : `"${path}" does not run: install it`;
    super(
      `ffmpeg is needed for this and ${problem} (Debian, Ubuntu: apt-get install ffmpeg; ` +
        'macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set FFMPEG_PATH to it',
      options,
    );
  }
}
