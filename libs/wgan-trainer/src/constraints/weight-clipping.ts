import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Constraint } from './constraint.js';

/**
 * Weight clipping (Arjovsky et al. 2017): after each step every learned weight of the critic is
 * clipped to [-limit, limit].
 *
 * @throws RangeError, when it runs, if the limit is not a positive number.
 */
export const weightClipping = (limit = 0.01): Constraint => ({
  async project(critic) {
    const { clipWeights } = await import('@tgan/svc-constraint');
    clipWeights(critic, limit);
  },
});

const options = z.strictObject({
  weightLimit: z.number().positive().default(0.01).describe('largest absolute value of a weight'),
});

/** `weight-clipping` in the registry of constraints. */
export const weightClippingEntry: Entry<Constraint, void, typeof options> = {
  name: 'weight-clipping',
  description: 'every weight is clipped to [-weightLimit, weightLimit] after each step',
  options,
  create: ({ weightLimit }) => weightClipping(weightLimit),
};
