import {
  adam,
  constant,
  crossEntropy,
  gradientPenalty,
  hinge,
  leastSquares,
  linearDecay,
  operatorNormClipping,
  rmsProp,
  singularValueClipping,
  spectralNormalization,
  unconstrained,
  warmUp,
  wasserstein,
  weightClipping,
  type Game,
  type TrainerOptions,
} from '@tgan/wgan-trainer';
import type { RunConfig } from './config.js';

/** What the configuration says to a trainer; its names become values. */
export function gameOf(config: RunConfig): TrainerOptions & Game {
  const { learningRate, generatorLearningRate, criticLearningRate } = config;
  const { criticSteps, accumulate, averageDecay } = config;
  const { clipEvery, weightLimit, penaltyWeight, beta1, beta2, steps, warmUpSteps } = config;
  const objectives = { wasserstein, normal: crossEntropy, 'least-squares': leastSquares, hinge };
  const constraints = {
    svc: singularValueClipping(clipEvery),
    'weight-clipping': weightClipping(weightLimit),
    'spectral-norm': spectralNormalization(),
    'operator-norm': operatorNormClipping(clipEvery),
    'gradient-penalty': gradientPenalty(penaltyWeight),
    none: unconstrained,
  };
  const optimizers = { rmsprop: rmsProp(), adam: adam({ beta1, beta2 }) };
  const schedules = { constant, 'linear-decay': linearDecay(steps) };
  return {
    ...{ learningRate, generatorLearningRate, criticLearningRate },
    ...{ criticSteps, accumulate, averageDecay },
    objective: objectives[config.objective],
    constraint: constraints[config.constraint],
    optimizer: optimizers[config.optimizer],
    schedule: warmUp(warmUpSteps, schedules[config.schedule]),
  };
}
