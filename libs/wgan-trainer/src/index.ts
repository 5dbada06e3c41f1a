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
export { TrainingError, WganTrainer, type NextBatch, type StepMetrics } from './trainer.js';
export { wassersteinValue, type RealBatch, type ValueAndGradients } from './wasserstein.js';
