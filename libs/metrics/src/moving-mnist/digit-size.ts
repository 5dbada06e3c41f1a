import * as tf from '@tensorflow/tfjs';
import { resizeFrames } from '../extractors/resize.js';

/** Height and width in pixels of the digits that the reader has learned. */
export const readerDigitSize = 28;

/**
 * Enlarges clips until their digits have the size that the reader has learned.
 *
 * @param clips - `[batch, time, height, width, channels]`. Stays the caller's.
 * @param digitSize - height and width in pixels of the digits in these clips.
 * @returns clips of the caller's.
 */
export function enlargeDigits(clips: tf.Tensor5D, digitSize: number): tf.Tensor5D {
  if (digitSize === readerDigitSize) return clips.clone();
  const [batch, time, height, width, channels] = clips.shape;
  const [tall, wide] = [height, width].map((side) =>
    Math.round((side * readerDigitSize) / digitSize),
  );
  return tf.tidy(() =>
    resizeFrames(
      clips.reshape([batch * time, height, width, channels]),
      [tall, wide],
      'bilinear',
    ).reshape([batch, time, tall, wide, channels]),
  );
}
