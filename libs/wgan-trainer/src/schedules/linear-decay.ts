import type { Entry } from '@tgan/core';
import { z } from 'zod';
import type { Schedule, ScheduleContext } from './schedule.js';

/** Falls linearly from 1 at the first step to 0 after the last of `steps`. */
export const linearDecay =
  (steps: number): Schedule =>
  (step) =>
    Math.max(0, 1 - (step - 1) / steps);

/** `linear-decay` in the registry of schedules. */
export const linearDecayEntry: Entry<Schedule, ScheduleContext> = {
  name: 'linear-decay',
  description: 'the learning rates fall linearly to zero at the end of the run',
  options: z.strictObject({}),
  create: (_, { steps }) => linearDecay(steps),
};
