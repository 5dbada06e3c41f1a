import { Random } from '@tgan/core';
import { clipTensor } from '../clip-tensor.js';
import type { ClipSource } from '@tgan/datasets';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';

/** Clips that are in memory at once. */
const BATCH = 32;

/** Which clips of a source are read. */
export interface ClipOrder {
  /** Draws the order of a source that ends, and what each clip leaves to chance. */
  readonly seed: number;
  /** How many clips there are at most. */
  readonly count: number;
}

/**
 * Clips of a data set in batches, each clip once: the first ones of an endless source, in a drawn
 * order those of one that ends.
 *
 * @returns batches [batch, time, height, width, channels] in [-1, 1), the caller's to dispose of.
 */
export async function* clipsOf(
  source: ClipSource,
  { seed, count }: ClipOrder,
): AsyncGenerator<tf.Tensor5D, void, void> {
  const order = orderOf(source, seed);
  const total = Math.min(count, source.size ?? Infinity);
  for (let start = 0; start < total; start += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, total - start) }, (_, i) => start + i);
    const clips = await Promise.all(numbers.map((i) => source.read(order(i), at(seed, order(i)))));
    yield clipTensor(clips, source.clip);
  }
}

/**
 * Some of the clips that {@link clipsOf} gives, by number.
 *
 * @returns [numbers.length, time, height, width, channels], the caller's to dispose of.
 */
export async function clipsAt(
  source: ClipSource,
  seed: number,
  numbers: readonly number[],
): Promise<tf.Tensor5D> {
  const order = orderOf(source, seed);
  const clips = await Promise.all(numbers.map((i) => source.read(order(i), at(seed, order(i)))));
  return clipTensor(clips, source.clip);
}

/**
 * New clips of a generator in batches, made as when it is used: with the running statistics. A
 * conditional model makes each label in turn. The seed alone decides which clips they are.
 *
 * @returns batches as {@link clipsOf} gives them.
 */
export function* clipsMadeBy(
  model: VideoModel,
  { seed, count }: ClipOrder,
): Generator<tf.Tensor5D, void, void> {
  const random = new Random(seed);
  const { classes = 0 } = model.options;
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const labels = Int32Array.from({ length: size }, (_, i) => (start + i) % classes);
    yield tf.tidy(() =>
      model.generate(model.latents(size, random), {
        ...(classes > 0 && { labels: tf.tensor1d(labels, 'int32') }),
      }),
    );
  }
}

const at = (seed: number, index: number) => new Random(seed, 0, index);

function orderOf({ size }: ClipSource, seed: number): (i: number) => number {
  if (size === undefined) return (i) => i;
  const permutation = new Random(seed).permutation(size);
  return (i) => permutation[i];
}
