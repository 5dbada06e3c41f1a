import { extname } from 'node:path';
import { fileReason } from '@tgan/core/node';
import {
  encodeGif,
  encodeMp4,
  encodePng,
  encodeWebp,
  filmStrip,
  grid,
  toPixels,
  type Clips,
} from '@tgan/video-io';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { RunConfig } from './config/config.js';
import { UsageError } from './errors.js';
import { everyLabel } from './labels.js';
import type { RunFolder } from './run-folder.js';
import { writeOutput } from './write-file.js';

/** The formats of pictures: three that are animated, and a strip with a clip per row. */
export type PictureFormat = (typeof pictureFormats)[number];

const pictureFormats = ['gif', 'webp', 'mp4', 'png'] as const;

/** How pictures are drawn. */
export interface PictureOptions {
  /** Each pixel becomes scale x scale. Default: enough to see small frames, about 128 pixels. */
  readonly scale?: number;
  /** Frames per second. Default 10. */
  readonly fps?: number;
  /** Clips side by side. Default: a sheet as square as possible. */
  readonly columns?: number;
}

/** The scale that enlarges small frames to about 128 pixels. */
export const pleasantScale = (imageSize: number) => Math.max(1, Math.round(128 / imageSize));

/**
 * The format of a picture, by its extension.
 *
 * @throws UsageError when the extension is unknown.
 */
export function pictureFormat(path: string): PictureFormat {
  const ending = extname(path).slice(1).toLowerCase();
  const format = pictureFormats.find((known) => known === ending);
  if (format) return format;
  throw new UsageError(`--out ${path}: the extension must be .gif, .webp, .mp4 or .png`);
}

/**
 * Writes clips as a picture: side by side in an animation, or one clip per row in a PNG.
 *
 * @param path - the file to write. Its extension selects the format: .gif, .webp, .mp4 or .png.
 * @param videos - [count, frames, height, width, channels] in [-1, 1]; stays the caller's.
 * @throws UsageError when the extension is unknown or the file cannot be written.
 */
export async function writePicture(
  path: string,
  videos: tf.Tensor5D,
  options: PictureOptions = {},
): Promise<void> {
  const format = pictureFormat(path);
  const { scale = pleasantScale(videos.shape[2]), fps = 10, columns } = options;
  const data = toPixels((await videos.data()) as Float32Array);
  const clips: Clips = { data, shape: videos.shape };
  const encode = async () => {
    if (format === 'png') return encodePng(filmStrip(clips, { scale }));
    const film = grid(clips, { scale, columns });
    return { gif: encodeGif, webp: encodeWebp, mp4: encodeMp4 }[format](film, { fps });
  };
  const bytes = await encode();
  await writeOutput(path, bytes).catch((error: unknown) => {
    throw new UsageError(`cannot write ${path}: ${fileReason(error)}`, { cause: error });
  });
}

/**
 * Writes a sheet of samples at fixed latents: one that moves, and a strip.
 *
 * @returns the path of the one that moves.
 */
export async function writeSamples(
  run: RunFolder,
  { sampleFormat }: RunConfig,
  model: VideoModel,
  z0: tf.Tensor2D,
  step: number,
): Promise<string> {
  const videos = tf.tidy(() => model.generate(z0, { labels: everyLabel(model, z0.shape[0]) }));
  const name = `step-${String(step).padStart(7, '0')}`;
  const moving = run.part('samples', `${name}.${sampleFormat}`);
  await writePicture(moving, videos);
  await writePicture(run.part('samples', `${name}.png`), videos, { scale: 1 });
  videos.dispose();
  return moving;
}
