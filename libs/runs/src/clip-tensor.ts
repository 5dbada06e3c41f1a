import type { ClipShape } from '@tgan/datasets';
import * as tf from '@tensorflow/tfjs';

/**
 * Clips as the networks take them, in the original code's scale: (byte - 128) / 128.
 *
 * @param clips - bytes [frames, height, width, channels], each of them.
 * @returns [clips.length, frames, height, width, channels] in [-1, 1); the caller disposes it.
 */
export function clipTensor(
  clips: readonly Uint8Array[],
  { frames, height, width, channels }: ClipShape,
): tf.Tensor5D {
  const size = frames * height * width * channels;
  const values = new Float32Array(clips.length * size);
  clips.forEach((bytes, clip) => {
    for (let i = 0; i < size; i++) values[clip * size + i] = (bytes[i] - 128) / 128;
  });
  return tf.tensor5d(values, [clips.length, frames, height, width, channels]);
}
