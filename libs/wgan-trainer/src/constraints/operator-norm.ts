import type { Entry } from '@tgan/core';
import * as z from 'zod';
import { clipEvery, type Constraint } from './constraint.js';

/**
 * Scales down each layer whose operator norm exceeds 1, every `every` steps. The operator norm is
 * the norm of the layer on its whole input; singular value clipping bounds the kernel's matrix.
 */
export const operatorNormClipping = (every = 5): Constraint => ({
  async project(critic, step) {
    if (step % every !== 0) return;
    const { clipOperatorNorms } = await import('@tgan/svc-constraint');
    await clipOperatorNorms(critic);
  },
});

const options = z.strictObject({ clipEvery });

/** `operator-norm` in the registry of constraints. */
export const operatorNormEntry: Entry<Constraint, void, typeof options> = {
  name: 'operator-norm',
  description: 'each layer whose norm on the whole input exceeds 1 is scaled down to 1',
  options,
  create: ({ clipEvery }) => operatorNormClipping(clipEvery),
};
