import { Random } from '@tgan/core';

/** Each part of a run has its own random stream, so that they do not influence each other. */
const stream = { model: 1, data: 2, order: 3, latents: 4, samples: 5, distance: 6, evaluation: 7 };

/**
 * The seed of a part of a run.
 *
 * @param seed - of the run.
 */
export const runSeed = (seed: number, part: keyof typeof stream): number =>
  new Random(seed, stream[part]).seed();
