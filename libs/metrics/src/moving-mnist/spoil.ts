import type { Random } from '@tgan/core';

/** Ways to spoil real clips, from what a person hardly sees to what nobody takes for a digit. */
export const spoilings = [
  'real',
  'reversed',
  'frozen',
  'shuffled',
  'switched',
  'half-missing',
  'blurred',
  'noise',
] as const;

/** One of {@link spoilings}. */
export type Spoiling = (typeof spoilings)[number];

/** Pixels in [-1, 1], frame by frame and row by row, of one channel. */
export interface GrayClip {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** `[frames, height, width]` */
  readonly pixels: Float32Array;
}

/**
 * Spoils a real clip in a known way. A score of generated video is worth as much as it tells these
 * from real clips.
 *
 * - `real`: the clip itself.
 * - `reversed`: turns in the middle, where there is no wall, and goes back the way that it came.
 * - `frozen`: the first frame throughout.
 * - `shuffled`: the frames in a random order.
 * - `switched`: shows `other` from the middle on.
 * - `half-missing`: what is to the right of the ink's center is gone.
 * - `blurred`: by a Gaussian of 3 pixels.
 * - `noise`: nothing but noise, as bright on average as the clip is.
 *
 * @param other - a clip of the same size, of another digit; best on the same path.
 * @returns new pixels; the clips given stay as they are.
 */
export function spoil(
  kind: Spoiling,
  clip: GrayClip,
  other: GrayClip,
  random: Random,
): Float32Array {
  const { frames, height, width, pixels } = clip;
  const size = height * width;
  const frame = (t: number, from = pixels) => from.subarray(t * size, (t + 1) * size);
  const half = Math.ceil(frames / 2);
  const order = kind === 'shuffled' ? random.permutation(frames) : [];
  const made = (t: number): Float32Array => {
    switch (kind) {
      case 'real':
        return frame(t);
      case 'reversed':
        return frame(t < half ? t : 2 * half - 1 - t);
      case 'frozen':
        return frame(0);
      case 'shuffled':
        return frame(order[t]);
      case 'switched':
        return t < half ? frame(t) : frame(t, other.pixels);
      case 'half-missing':
        return leftHalf(frame(t), width);
      case 'blurred':
        return blurred(frame(t), height, width, 3);
      case 'noise':
        return noise(frame(t), random);
    }
  };
  const spoilt = new Float32Array(pixels.length);
  for (let t = 0; t < frames; t++) spoilt.set(made(t), t * size);
  return spoilt;
}

function leftHalf(frame: Float32Array, width: number): Float32Array {
  let [ink, moment] = [0, 0];
  frame.forEach((value, at) => {
    ink += value + 1;
    moment += (value + 1) * (at % width);
  });
  const center = moment / ink;
  return frame.map((value, at) => (at % width > center ? -1 : value));
}

function blurred(frame: Float32Array, height: number, width: number, sigma: number): Float32Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const along = (from: Float32Array, step: number, position: (at: number) => number, end: number) =>
    from.map((_, at) => {
      let sum = 0;
      kernel.forEach((weight, i) => {
        const to = position(at) + i - reach;
        // Beyond the edges it is dark.
        sum += weight * (to < 0 || to >= end ? -1 : from[at + (i - reach) * step]);
      });
      return sum / total;
    });
  const rows = along(frame, 1, (at) => at % width, width);
  return along(rows, width, (at) => Math.floor(at / width), height);
}

function noise(frame: Float32Array, random: Random): Float32Array {
  const ink = frame.reduce((sum, value) => sum + (value + 1) / 2, 0) / frame.length;
  // The mean of u^k is 1 / (k + 1).
  const power = ink > 0 ? 1 / ink - 1 : Infinity;
  return frame.map(() => 2 * random.number() ** power - 1);
}
