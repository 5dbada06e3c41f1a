import { writeFileAtomic } from '@tgan/files';
import {
  encodeGif,
  encodePng,
  encodeWebp,
  filmStrip,
  grid,
  toPixels,
  type Clips,
} from '@tgan/video-io';
import type { Tensor5D } from '@tensorflow/tfjs';

/** The kinds of picture that show clips: two that move, and a strip with a clip a row. */
export type PictureFormat = 'gif' | 'webp' | 'png';

/** How pictures are drawn. */
export interface PictureOptions {
  /** Each pixel becomes scale x scale. */
  readonly scale: number;
  /** Frames a second. */
  readonly fps: number;
}

/** Enlarges small frames so that they can be seen: to about 128 pixels. */
export const pleasantScale = (imageSize: number) => Math.max(1, Math.round(128 / imageSize));

/**
 * Writes clips as a picture.
 *
 * @param videos - [count, frames, height, width, channels] in [-1, 1]; stays the caller's.
 */
export async function writePicture(
  path: string,
  videos: Tensor5D,
  format: PictureFormat,
  { scale, fps }: PictureOptions,
): Promise<void> {
  const data = toPixels((await videos.data()) as Float32Array);
  const clips: Clips = { data, shape: videos.shape };
  const bytes =
    format === 'png'
      ? await encodePng(filmStrip(clips, { scale }))
      : await (format === 'gif' ? encodeGif : encodeWebp)(grid(clips, { scale }), { fps });
  await writeFileAtomic(path, bytes);
}
