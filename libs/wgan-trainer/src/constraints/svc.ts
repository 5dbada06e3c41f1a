import type { Entry } from '@tgan/core';
import * as z from 'zod';
import { clipEvery, type Constraint } from './constraint.js';

/**
 * Singular value clipping every `every` steps (paper, section 4.2, where it is 5). The default of
 * the trainer.
 */
export const singularValueClipping = (every = 5): Constraint => ({
  async project(critic, step, communicator) {
    if (step % every !== 0) return undefined;
    if (communicator)
      return (await import('./clip-together.js')).clipTogether(critic, communicator);
    const { clipModel } = await import('@tgan/svc-constraint');
    return clipModel(critic, { measure: false });
  },
});

const options = z.strictObject({ clipEvery });

/** `svc` in the registry of constraints. */
export const svcEntry: Entry<Constraint, void, typeof options> = {
  name: 'svc',
  description: 'singular values of each kernel above 1 become 1 (the paper)',
  options,
  create: ({ clipEvery }) => singularValueClipping(clipEvery),
};
