export { adam, type AdamOptions } from './adam.js';
export {
  operatorNormClipping,
  singularValueClipping,
  spectralNormalization,
  unconstrained,
  weightClipping,
  type Constraint,
} from './constraint.js';
export type { Game, NextBatch, StepMetrics } from './game.js';
export { gradientPenalty } from './gradient-penalty.js';
export { crossEntropy, hinge, leastSquares, wasserstein, type Objective } from './objective.js';
export { objectiveGradients, type Differentiated } from './objective-gradients.js';
export type { Optimizer, Stride } from './optimizer.js';
export { trainerOptions, type TrainerOptions } from './options.js';
export { PenaltyError } from './penalty-gradients.js';
export { Player } from './player.js';
export { rmsProp, type RmsPropOptions } from './rmsprop.js';
export {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
  type Safetensors,
} from './safetensors.js';
export { constant, linearDecay, warmUp, type Schedule } from './schedule.js';
export {
  formatTrainerState,
  parseTrainerState,
  TrainerStateError,
  type TrainerProgress,
  type TrainerState,
} from './state.js';
export { TrainingError, WganTrainer } from './trainer.js';
export { wassersteinValue, type RealBatch, type ValueAndGradients } from './wasserstein.js';
export { WeightAverage } from './weight-average.js';
