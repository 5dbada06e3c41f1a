import type { Random } from '@tgan/core';

/** A score with its uncertainty. */
export interface Estimate {
  /** The score of all clips. */
  readonly value: number;
  /**
   * An approximate 95 % interval: the value plus and minus 1.96 standard errors, cut to the range
   * of the score. It says how the score would vary with other clips of the same sources at the same
   * counts. null where none was asked for.
   */
  readonly interval: readonly [low: number, high: number] | null;
}

/** How intervals are found. */
export interface BootstrapOptions {
  /** How often clips are drawn anew. Below 2: no intervals. */
  readonly replicates: number;
  /** Draws them. */
  readonly random: Random;
}

/** What values a score can take. */
export type Range = readonly [low: number, high: number];

/** Standard errors on each side of a 95 % interval of a normal distribution. */
const WIDTH = 1.96;

/** How often each of `count` things comes up when `count` are drawn with replacement. */
export function drawWeights(count: number, random: Random): Float64Array {
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) weights[random.integer(count)]++;
  return weights;
}

/**
 * A value with its bootstrap interval.
 *
 * @param value - the score of all clips.
 * @param replicate - the score of clips that were drawn anew.
 * @param range - what values the score can take.
 */
export function estimate(
  value: number,
  replicate: (random: Random) => number,
  { replicates, random }: BootstrapOptions,
  range: Range,
): Estimate {
  const drawn = Array.from({ length: replicates }, () => replicate(random));
  return estimateFrom(value, drawn, range);
}

/**
 * As {@link estimate}, of replicates that were computed before; fewer than two give no interval.
 */
export function estimateFrom(value: number, replicates: readonly number[], range: Range): Estimate {
  if (replicates.length < 2) return { value, interval: null };
  const half = WIDTH * standardDeviation(replicates);
  return { value, interval: [clamp(value - half, range), clamp(value + half, range)] };
}

/** The square root of the unbiased variance. */
export function standardDeviation(values: ArrayLike<number>): number {
  let [mean, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

function clamp(value: number, [low, high]: Range): number {
  return Math.min(Math.max(value, low), high);
}
