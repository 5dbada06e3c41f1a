import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { PlainObjective } from './objective.js';

/**
 * Hinge loss (Lim and Ye 2017): real scores above the margin and generated ones below its negative
 * cost nothing.
 *
 * @param margin - 1 in their paper. A critic under singular value clipping has scores of a few
 * tenths, so that a margin of 1 would let no sample go.
 */
export const hinge = (margin = 1): PlainObjective => ({
  criticLoss: (real, fake) =>
    real.neg().add(margin).relu().mean().add(fake.add(margin).relu().mean()),
  generatorLoss: (fake) => fake.neg().mean(),
});

const options = z.strictObject({
  hingeMargin: z.number().positive().default(1).describe('score from which a sample costs nothing'),
});

/** `hinge` in the registry of objectives. */
export const hingeEntry: Entry<PlainObjective, void, typeof options> = {
  name: 'hinge',
  description: 'hinge loss: scores beyond a margin cost nothing',
  options,
  create: ({ hingeMargin }) => hinge(hingeMargin),
};
