import { writePicture } from '@tgan/runs';
import type { Tensor5D } from '@tensorflow/tfjs';
import { log, printJson } from './log.js';
import type { PictureFlags } from './program/picture-flags.js';

/** What a command has to say of the picture that it made. */
export interface Presentation {
  /** What the picture shows, as the user reads it: `a film of 48 frames`. */
  readonly shown: string;
  /** Frames a second, unless the flags say. */
  readonly fps?: number;
  /** Clips side by side; as near to a square as can be unless told. */
  readonly columns?: number;
  /** What `--json` prints beside the picture's path. */
  readonly figures?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the videos that a command made, and says so.
 *
 * @param videos - [count, frames, height, width, channels] in [-1, 1]; disposed.
 * @throws UsageError when the picture's name has no known ending, or it cannot be written.
 */
export async function present(
  videos: Tensor5D,
  flags: PictureFlags,
  { shown, fps, columns, figures }: Presentation,
): Promise<void> {
  const { out, json, scale } = flags;
  await writePicture(out, videos, { scale, fps: flags.fps ?? fps, columns });
  videos.dispose();
  log(`${shown} in ${out}`);
  if (json) printJson({ picture: out, ...figures });
}

/** `1 video`, `9 videos`. */
export const videosOf = (count: number) => (count === 1 ? '1 video' : `${count} videos`);
