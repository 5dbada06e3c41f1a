import { stat } from 'node:fs/promises';
import { packed } from '@tgan/datasets';
import { Random } from '@tgan/core';
import type { VideoSizes } from '@tgan/video-gan';
import { decodeVideo } from '@tgan/video-io';
import type * as tf from '@tensorflow/tfjs';
import { clipTensor } from './clip-tensor.js';
import { UsageError } from './errors.js';

/** A user's clip, as input of a model. */
export interface GivenClip {
  /** [1, frames, height, width, channels] in [-1, 1); the caller disposes it. */
  readonly clip: tf.Tensor5D;
  /** The name of its label, if the data have labels. */
  readonly label?: string;
}

/**
 * The first frames of a video or GIF, cropped and resized to the size of a model.
 *
 * @throws UsageError when there is no such file, or it has fewer frames than the model makes;
 * VideoError when it is no video.
 */
export async function clipOfFile(path: string, sizes: VideoSizes): Promise<GivenClip> {
  const { frames, imageSize, channels } = sizes;
  if (channels !== 1 && channels !== 3) {
    throw new UsageError(`videos have 1 or 3 channels, and this model has ${channels}`);
  }
  await stat(path).catch(() => {
    throw new UsageError(`there is no file ${path}`);
  });
  const size = { height: imageSize, width: imageSize };
  const bytes = new Uint8Array(frames * imageSize * imageSize * channels);
  let count = 0;
  for await (const frame of decodeVideo(path, { ...size, channels, fit: 'crop' })) {
    bytes.set(frame, count++ * frame.length);
    if (count === frames) break;
  }
  if (count < frames) {
    throw new UsageError(`${path} has ${count} frames, and this model makes ${frames}`);
  }
  return { clip: tensorOf(bytes, sizes) };
}

/**
 * A clip of a packed file. The seed selects its first frame.
 *
 * @throws UsageError when there is no such clip, or it is not of the size that the model makes;
 * DatasetError when the file is damaged.
 */
export async function clipOfData(
  path: string,
  index: number,
  seed: number,
  sizes: VideoSizes,
): Promise<GivenClip> {
  const { frames, imageSize, channels } = sizes;
  const source = await packed(path, { frames });
  try {
    const { clip, size = 0, classes } = source;
    if (index < 0 || index >= size) {
      throw new UsageError(`--index ${index}: ${path} has clips 0 .. ${size - 1}`);
    }
    if (clip.height !== imageSize || clip.width !== imageSize || clip.channels !== channels) {
      throw new UsageError(
        `the clips of ${path} are ${clip.width} x ${clip.height} pixels with ${clip.channels} channels, the model's ${imageSize} x ${imageSize} with ${channels}`,
      );
    }
    const bytes = await source.read(index, new Random(seed));
    const label = source.label && classes?.[source.label(index)];
    return { clip: tensorOf(bytes, sizes), ...(label !== undefined && { label }) };
  } finally {
    await source.close?.();
  }
}

const tensorOf = (bytes: Uint8Array, { frames, imageSize, channels }: VideoSizes) =>
  clipTensor([bytes], { frames, height: imageSize, width: imageSize, channels });
