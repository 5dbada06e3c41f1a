// One registry per axis. Importing this module does not load TensorFlow.js.
import { Registry } from '@tgan/core';
import type { Constraint } from './constraints/constraint.js';
import { gradientPenaltyEntry } from './constraints/gradient-penalty.entry.js';
import { noConstraintEntry } from './constraints/none.js';
import { operatorNormEntry } from './constraints/operator-norm.js';
import { spectralNormEntry } from './constraints/spectral-norm.js';
import { svcEntry } from './constraints/svc.js';
import { weightClippingEntry } from './constraints/weight-clipping.js';
import { hingeEntry } from './objectives/hinge.js';
import { leastSquaresEntry } from './objectives/least-squares.js';
import { normalEntry } from './objectives/normal.js';
import type { Objective } from './objectives/objective.js';
import { wassersteinEntry } from './objectives/wasserstein.js';
import { adamEntry } from './optimizers/adam.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { rmsPropEntry } from './optimizers/rmsprop.entry.js';
import { constantEntry } from './schedules/constant.js';
import { linearDecayEntry } from './schedules/linear-decay.js';
import type { Schedule, ScheduleContext } from './schedules/schedule.js';

export { trainerOptions, type TrainerOptions } from './options.js';
export type { Constraint, Objective, Optimizer, Schedule, ScheduleContext };

/** All objectives by name. */
export const objectives = new Registry<Objective>('objective', [
  wassersteinEntry,
  normalEntry,
  leastSquaresEntry,
  hingeEntry,
]);

/** All constraints by name. */
export const constraints = new Registry<Constraint>('constraint', [
  svcEntry,
  operatorNormEntry,
  spectralNormEntry,
  gradientPenaltyEntry,
  weightClippingEntry,
  noConstraintEntry,
]);

/** All optimizers by name. */
export const optimizers = new Registry<Optimizer>('optimizer', [rmsPropEntry, adamEntry]);

/** All schedules of the learning rates by name. */
export const schedules = new Registry<Schedule, ScheduleContext>('schedule', [
  constantEntry,
  linearDecayEntry,
]);
