export type { Constraint, Penalty } from './constraints/constraint.js';
export { gradientPenalty } from './constraints/gradient-penalty.js';
export { unconstrained } from './constraints/none.js';
export { operatorNormClipping } from './constraints/operator-norm.js';
export { spectralNormalization } from './constraints/spectral-norm.js';
export { singularValueClipping } from './constraints/svc.js';
export { weightClipping } from './constraints/weight-clipping.js';
export {
  createGan,
  type Gan,
  type GanParts,
  type Mode,
  type PenalizedSamples,
  type PenalizedScores,
  type RealBatch,
} from './gan.js';
export {
  lossGradients,
  PenaltyError,
  type Differentiated,
  type LossGradients,
} from './gradients.js';
export { hinge } from './objectives/hinge.js';
export { leastSquares } from './objectives/least-squares.js';
export { crossEntropy } from './objectives/normal.js';
export type { Objective, PlainObjective, RelativisticObjective } from './objectives/objective.js';
export { wasserstein } from './objectives/wasserstein.js';
export { adam, type AdamOptions } from './optimizers/adam.js';
export type { Optimizer, UpdateStep } from './optimizers/optimizer.js';
export { rmsProp, type RmsPropOptions } from './optimizers/rmsprop.js';
export { trainerOptions, type TrainerOptions } from './options.js';
export { ParameterGroup } from './parameter-group.js';
export {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
  type Safetensors,
} from './safetensors.js';
export { constant } from './schedules/constant.js';
export { linearDecay } from './schedules/linear-decay.js';
export { warmUp, type Schedule, type ScheduleContext } from './schedules/schedule.js';
export {
  formatTrainerState,
  parseTrainerState,
  TrainerStateError,
  type TrainerProgress,
  type TrainerState,
} from './state.js';
export {
  TrainingError,
  WganTrainer,
  type NextBatch,
  type StepMetrics,
  type WganTrainerOptions,
} from './trainer.js';
export { WeightAverage } from './weight-average.js';
