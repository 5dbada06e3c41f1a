import type { ClipSource } from '@tgan/datasets';
import type { NearestClip } from '@tgan/metrics';
import { encodePng, filmStrip, toPixels } from '@tgan/video-io';
import * as tf from '@tensorflow/tfjs';
import { clipsAt } from './clips.js';
import { REAL_SEED } from './real-side.js';

/** How many clips are drawn. */
const DRAWN = 8;

/**
 * Draws the clips that are nearest to a training clip, nearest first. Each is above that training
 * clip; a row is a clip, a column a frame.
 *
 * @param clips - [count, time, height, width, channels] in [-1, 1]; stays the caller's.
 * @param ofTrained - of each clip the nearest training clip, as `nearestTrained` finds it.
 * @returns the bytes of a PNG.
 */
export async function drawNeighbors(
  clips: tf.Tensor5D,
  ofTrained: readonly NearestClip[],
  trained: ClipSource,
): Promise<Uint8Array> {
  const nearest = ofTrained
    .map(({ index, distance }, clip) => ({ index, distance, clip }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, DRAWN);
  const real = await clipsAt(
    trained,
    REAL_SEED,
    nearest.map(({ index }) => index),
  );
  const pairs = tf.tidy(() => {
    const order = tf.tensor1d(
      nearest.map(({ clip }) => clip),
      'int32',
    );
    const [, ...shape] = clips.shape;
    const both = tf.stack([tf.gather(clips, order), real], 1);
    return both.reshape<tf.Tensor5D>([2 * nearest.length, ...shape]);
  });
  real.dispose();
  const data = toPixels((await pairs.data()) as Float32Array);
  pairs.dispose();
  return encodePng(filmStrip({ data, shape: pairs.shape }, { scale: 2 }));
}
