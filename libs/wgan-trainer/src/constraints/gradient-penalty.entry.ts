import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Constraint } from './constraint.js';

const options = z.strictObject({
  penaltyWeight: z.number().positive().default(10).describe('weight of the gradient penalty'),
});

/** `gradient-penalty` in the registry of constraints. It loads TensorFlow.js when it is made. */
export const gradientPenaltyEntry: Entry<Constraint, void, typeof options> = {
  name: 'gradient-penalty',
  description: 'WGAN-GP: penaltyWeight times (gradient norm - 1)^2 is added to the critic loss',
  options,
  create: async ({ penaltyWeight }) =>
    (await import('./gradient-penalty.js')).gradientPenalty(penaltyWeight),
};
