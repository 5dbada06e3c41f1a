import { Random } from '@tgan/core';
import type { VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { measureLooks, measureWay } from './measures.js';
import { namedDirections, type Direction } from './named-directions.js';
import { principalDirections } from './principal-directions.js';
import type { Samples } from './samples.js';

const samples = 256;

/** Directions of each kind. */
const most = 4;

/**
 * Directions of z0 along which a model's videos change: first of motion, then of looks. Those with
 * names come before those with numbers.
 */
export async function directionsOf(gan: VideoGan): Promise<Direction[]> {
  const { sprites, spriteSize, channels } = gan.options;
  const classes = Math.max(1, gan.options.classes);
  const { latents, motion, looks } = await sample(gan, classes);
  // Only there it is known what the numbers mean.
  const measurable = sprites === 1 && channels === 1;
  const directions = (
    outcomes: Samples,
    kind: string,
    measure: (row: Float32Array) => Record<string, number>,
  ): Direction[] => {
    const measures = measurable ? measured(outcomes, measure) : {};
    const principal = principalDirections(latents, outcomes, most, classes);
    return [
      ...namedDirections(latents, measures, classes),
      ...principal.map((vector, i) => ({ name: `${kind} ${i + 1}`, vector })),
    ].slice(0, most);
  };
  return [
    ...directions(motion, 'motion', measureWay),
    ...(looks ? directions(looks, 'looks', (row) => measureLooks(row, spriteSize)) : []),
  ];
}

/** Latents, with what the two networks of the generator make of them, each label in turn. */
async function sample(
  gan: VideoGan,
  classes: number,
): Promise<{ latents: Samples; motion: Samples; looks?: Samples }> {
  const [latents, motion, looks] = tf.tidy(() => {
    const z0 = gan.latents(samples, new Random(0));
    const labels = tf.tensor1d(
      Array.from({ length: samples }, (_, i) => i % classes),
      'int32',
    );
    const inputs =
      gan.options.classes > 0 ? [z0, tf.oneHot(labels, gan.options.classes).toFloat()] : [z0];
    const z1 = gan.temporalGenerator.apply(inputs) as tf.Tensor;
    const drawn = looksOf(gan, z0, inputs);
    return drawn ? [z0, z1, drawn] : [z0, z1];
  });
  return {
    latents: await rows(latents),
    motion: await rows(motion),
    ...(looks && { looks: await rows(looks) }),
  };
}

/** What says how a video looks: its sprites, or what becomes of z0 before it meets z1. */
function looksOf(gan: VideoGan, z0: tf.Tensor, inputs: tf.Tensor[]): tf.Tensor | undefined {
  const { sprites, seesZ0 } = gan.options;
  if (sprites > 0) return gan.imageGenerator.apply(inputs) as tf.Tensor;
  if (seesZ0) return gan.imageGenerator.getLayer('linear_z0').apply(z0) as tf.Tensor;
  return undefined;
}

/** Reads samples off the backend and disposes them. */
async function rows(tensor: tf.Tensor): Promise<Samples> {
  const data = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return { data, size: tensor.size / tensor.shape[0]! };
}

function measured(
  { data, size }: Samples,
  measure: (row: Float32Array) => Record<string, number>,
): Record<string, number[]> {
  const measures: Record<string, number[]> = {};
  for (let at = 0; at < data.length; at += size) {
    for (const [name, value] of Object.entries(measure(data.subarray(at, at + size)))) {
      (measures[name] ??= []).push(value);
    }
  }
  return measures;
}
