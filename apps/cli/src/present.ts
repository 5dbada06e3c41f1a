import { writePicture } from '@tgan/runs';
import type { Tensor5D } from '@tensorflow/tfjs';
import { log, printJson } from './log.js';
import type { PictureFlags } from './program/picture-flags.js';

/** What a command says about its picture. */
export interface Presentation {
  /** What the picture shows, for the user: `a film of 48 frames`. */
  readonly shown: string;
  /** Frames per second. The flag --fps overrides it. */
  readonly fps?: number;
  /** Clips side by side. Default: a sheet as square as possible. */
  readonly columns?: number;
  /** What `--json` prints in addition to the picture's path. */
  readonly figures?: Readonly<Record<string, unknown>>;
}

/**
 * Writes the videos of a command as a picture and prints a message.
 *
 * @param videos - [count, frames, height, width, channels] in [-1, 1]; disposed.
 * @throws UsageError when the extension is unknown or the picture cannot be written.
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
