import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Constraint } from './constraint.js';

/**
 * Spectral normalization (Miyato et al. 2018) as a projection: every `every` steps each kernel is
 * divided by its largest singular value. The gradient does not pass through the division, unlike in
 * their paper.
 */
export const spectralNormalization = (every = 1): Constraint => ({
  async project(critic, step) {
    if (step % every !== 0) return;
    const { spectralNormalize } = await import('@tgan/svc-constraint');
    await spectralNormalize(critic);
  },
});

/** `spectral-norm` in the registry of constraints. */
export const spectralNormEntry: Entry<Constraint> = {
  name: 'spectral-norm',
  description: 'each kernel is divided by its largest singular value after each step',
  options: z.strictObject({}),
  create: () => spectralNormalization(),
};
