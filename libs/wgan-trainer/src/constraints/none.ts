import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Constraint } from './constraint.js';

/** No constraint, for objectives that need no Lipschitz critic. */
export const unconstrained: Constraint = {};

/** `none` in the registry of constraints. */
export const noConstraintEntry: Entry<Constraint> = {
  name: 'none',
  description: 'no constraint',
  options: z.strictObject({}),
  create: () => unconstrained,
};
