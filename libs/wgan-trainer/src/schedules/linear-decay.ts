import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Schedule, ScheduleContext } from './schedule.js';

/**
 * Falls linearly to 0 after the last of `steps`.
 *
 * @param from - the part of the steps before the fall, during which the factor is 1.
 */
export const linearDecay =
  (steps: number, from = 0): Schedule =>
  (step) =>
    Math.min(1, Math.max(0, 1 - (step - 1) / steps) / (1 - from));

const options = z.strictObject({
  decayFrom: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('part of the run with the full learning rates, before they fall'),
});

/** `linear-decay` in the registry of schedules. */
export const linearDecayEntry: Entry<Schedule, ScheduleContext, typeof options> = {
  name: 'linear-decay',
  description: 'the learning rates fall linearly to zero at the end of the run',
  options,
  create: ({ decayFrom }, { steps }) => linearDecay(steps, decayFrom),
};
