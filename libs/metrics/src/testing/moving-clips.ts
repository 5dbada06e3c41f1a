import { mnistDigits, movingMnist, type Digits, type MnistPart } from '@tgan/datasets';
import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { spoil, type GrayClip, type Spoiling } from '../moving-mnist/spoil.js';

/** Real clips to test with. */
export interface MovingClips {
  readonly imageSize: number;
  readonly digits: number;
  readonly count: number;
  readonly seed: number;
  readonly frames?: number;
  readonly part?: MnistPart;
}

/** Clips of Moving MNIST; of MNIST's test digits unless told. */
export async function movingClips(options: MovingClips): Promise<GrayClip[]> {
  return clipsOf(options, await mnistDigits(options.part ?? 'test'));
}

/** Spoilt clips of Moving MNIST. Where the digit is switched it goes on along the same path. */
export async function spoiltClips(kind: Spoiling, options: MovingClips): Promise<GrayClip[]> {
  const digits = await mnistDigits(options.part ?? 'test');
  const clips = await clipsOf(options, digits);
  const others = await clipsOf(options, withOtherLabels(digits));
  const random = new Random(options.seed, 1);
  return clips.map((clip, i) => ({ ...clip, pixels: spoil(kind, clip, others[i], random) }));
}

/** `[count, frames, height, width, 1]` in [-1, 1]. */
export function toTensor(clips: readonly GrayClip[]): tf.Tensor5D {
  const { frames, height, width, pixels } = clips[0];
  const all = new Float32Array(clips.length * pixels.length);
  clips.forEach((clip, i) => all.set(clip.pixels, i * pixels.length));
  return tf.tensor5d(all, [clips.length, frames, height, width, 1]);
}

async function clipsOf(options: MovingClips, digits: Digits): Promise<GrayClip[]> {
  const { count, seed, imageSize, frames = 16 } = options;
  const source = movingMnist({ seed, imageSize, frames, digits: options.digits }, digits);
  const unused = new Random();
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const pixels = Float32Array.from(await source.read(i, unused), (x) => x / 127.5 - 1);
      return { frames, height: imageSize, width: imageSize, pixels };
    }),
  );
}

/**
 * The same number of digits, but another one at each place: sorted by label and moved on by half of
 * them.
 */
function withOtherLabels({ count, size, pixels, labels }: Required<Digits>): Digits {
  const byLabel = Array.from({ length: count }, (_, i) => i).sort((a, b) => labels[a] - labels[b]);
  const others = new Uint8Array(pixels.length);
  byLabel.forEach((to, i) => {
    const from = byLabel[(i + count / 2) % count];
    others.set(pixels.subarray(from * size * size, (from + 1) * size * size), to * size * size);
  });
  return { count, size, pixels: others };
}
