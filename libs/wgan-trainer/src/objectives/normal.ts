import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { PlainObjective } from './objective.js';

/**
 * The first GAN, which the paper calls the normal one: sigmoid cross entropy, with the generator
 * loss that does not saturate, -log sigmoid(D(G(z))). The original code trains it with noise of
 * standard deviation 0.3 in the critic and without a constraint.
 */
export const crossEntropy: PlainObjective = {
  criticLoss: (real, fake) => real.neg().softplus().mean().add(fake.softplus().mean()),
  generatorLoss: (fake) => fake.neg().softplus().mean(),
};

/** `normal` in the registry of objectives. */
export const normalEntry: Entry<PlainObjective> = {
  name: 'normal',
  description: 'normal GAN: sigmoid cross entropy with the non-saturating generator loss',
  options: z.strictObject({}),
  create: () => crossEntropy,
};
