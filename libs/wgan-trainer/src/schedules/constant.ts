import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Schedule, ScheduleContext } from './schedule.js';

/** The learning rates stay the same (paper). */
export const constant: Schedule = () => 1;

/** `constant` in the registry of schedules. */
export const constantEntry: Entry<Schedule, ScheduleContext> = {
  name: 'constant',
  description: 'the learning rates stay the same (the paper)',
  options: z.strictObject({}),
  create: () => constant,
};
