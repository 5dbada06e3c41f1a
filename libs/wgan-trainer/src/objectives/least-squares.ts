import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { PlainObjective } from './objective.js';

/** Least squares GAN (Mao et al. 2017): real samples should score 1, generated ones 0. */
export const leastSquares: PlainObjective = {
  criticLoss: (real, fake) => real.sub(1).square().mean().add(fake.square().mean()).div(2),
  generatorLoss: (fake) => fake.sub(1).square().mean().div(2),
};

/** `least-squares` in the registry of objectives. */
export const leastSquaresEntry: Entry<PlainObjective> = {
  name: 'least-squares',
  description: 'least squares GAN: real samples should score 1, generated ones 0',
  options: z.strictObject({}),
  create: () => leastSquares,
};
