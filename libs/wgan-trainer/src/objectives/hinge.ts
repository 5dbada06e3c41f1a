import type { Entry } from '@tgan/core';
import { z } from 'zod';
import type { PlainObjective } from './objective.js';

/** Hinge loss (Lim and Ye 2017): real scores above 1 and generated ones below -1 cost nothing. */
export const hinge: PlainObjective = {
  criticLoss: (real, fake) => real.neg().add(1).relu().mean().add(fake.add(1).relu().mean()),
  generatorLoss: (fake) => fake.neg().mean(),
};

/** `hinge` in the registry of objectives. */
export const hingeEntry: Entry<PlainObjective> = {
  name: 'hinge',
  description: 'hinge loss: real scores above 1 and generated scores below -1 cost nothing',
  options: z.strictObject({}),
  create: () => hinge,
};
