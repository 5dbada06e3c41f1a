import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { PlainObjective } from './objective.js';

/**
 * The Wasserstein GAN (paper, equation 4): mean D(G(z)) - mean D(x), and its negative. The default
 * of the trainer. It is zero-sum, so that one backward pass serves both
 * networks.
 */
export const wasserstein: PlainObjective & { readonly zeroSum: true } = {
  criticLoss: (real, fake) => fake.mean().sub(real.mean()),
  generatorLoss: (fake) => fake.neg().mean(),
  zeroSum: true,
};

/** `wasserstein` in the registry of objectives. */
export const wassersteinEntry: Entry<PlainObjective> = {
  name: 'wasserstein',
  description: 'Wasserstein GAN: the difference of the mean scores (the paper)',
  options: z.strictObject({}),
  create: () => wasserstein,
};
