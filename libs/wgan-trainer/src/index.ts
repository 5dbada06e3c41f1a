export {
  singularValueClipping,
  unconstrained,
  weightClipping,
  type Constraint,
} from './constraint.js';
export { crossEntropy, hinge, leastSquares, wasserstein, type Objective } from './objective.js';
export { objectiveGradients } from './objective-gradients.js';
export { trainerOptions, type TrainerOptions } from './options.js';
export { RmsProp, type RmsPropOptions } from './rmsprop.js';
export {
  formatSafetensors,
  parseSafetensors,
  SafetensorsError,
  type FloatArray,
  type Safetensors,
} from './safetensors.js';
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
  type Game,
  type NextBatch,
  type StepMetrics,
} from './trainer.js';
export { wassersteinValue, type RealBatch, type ValueAndGradients } from './wasserstein.js';
