import type { Random } from '@tgan/random';

/** A score with its uncertainty. */
export interface Estimate {
  /** The score of all clips. */
  readonly value: number;
  /**
   * An approximate 95 % interval: the value plus and minus 1.96 bootstrap standard errors, cut to the range of the
   * score. It says how the score would vary with other clips of the same sources at the same counts. null where no
   * bootstrap was asked for.
   */
  readonly interval: readonly [low: number, high: number] | null;
}

/** How intervals are found. */
export interface BootstrapOptions {
  /** How often the clips are drawn anew. 0: no intervals. */
  readonly replicates: number;
  /** Draws them. */
  readonly random: Random;
}

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
  range: readonly [low: number, high: number],
): Estimate {
  if (replicates < 2) return { value, interval: null };
  const drawn = Float64Array.from({ length: replicates }, () => replicate(random));
  const half = WIDTH * standardDeviation(drawn);
  return { value, interval: [clamp(value - half, range), clamp(value + half, range)] };
}

/** The mean of numbers that belong to one clip each, with its bootstrap interval. */
export function estimateMean(
  values: ArrayLike<number>,
  options: BootstrapOptions,
  range: readonly [low: number, high: number],
): Estimate {
  const mean = (at: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[at(i)];
    return sum / values.length;
  };
  const drawn = (random: Random) => mean(() => random.integer(values.length));
  return estimate(
    mean((i) => i),
    drawn,
    options,
    range,
  );
}

/** The square root of the unbiased variance. */
export function standardDeviation(values: ArrayLike<number>): number {
  let [mean, sum] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  for (let i = 0; i < values.length; i++) sum += (values[i] - mean) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

function clamp(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(Math.max(value, low), high);
}
