import { Random } from '@tgan/core';

/** Parts of a run draw from streams of their own, so that one does not disturb another. */
const stream = { model: 1, data: 2, order: 3, latents: 4, samples: 5, distance: 6, evaluation: 7 };

/**
 * The seed of a part of a run.
 *
 * @param seed - of the run.
 */
export const runSeed = (seed: number, part: keyof typeof stream): number =>
  new Random(seed, stream[part]).seed();
