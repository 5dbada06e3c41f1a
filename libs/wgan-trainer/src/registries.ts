// One registry an axis. Importing this module does not load TensorFlow.js.
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

/** What the two networks descend. */
export const objectives = new Registry<Objective>('objective', [
  wassersteinEntry,
  normalEntry,
  leastSquaresEntry,
  hingeEntry,
]);

/** What keeps the critic Lipschitz. */
export const constraints = new Registry<Constraint>('constraint', [
  svcEntry,
  operatorNormEntry,
  spectralNormEntry,
  gradientPenaltyEntry,
  weightClippingEntry,
  noConstraintEntry,
]);

/** How weights descend their gradients. */
export const optimizers = new Registry<Optimizer>('optimizer', [rmsPropEntry, adamEntry]);

/** How the learning rates change over a run. */
export const schedules = new Registry<Schedule, ScheduleContext>('schedule', [
  constantEntry,
  linearDecayEntry,
]);
