// Until @tgan/wgan-trainer/registries is there.
import { Registry, type Entry } from '@tgan/core';
import type { Constraint, Objective, Optimizer, Schedule } from '@tgan/wgan-trainer';
import { trainerOptions as options } from '@tgan/wgan-trainer/options';
import { z } from 'zod';

const none = z.strictObject({});
const trainer = () => import('@tgan/wgan-trainer');
const clipEvery = z.int().min(1).default(5).describe('steps between two clippings');
const decay = z.number().min(0).lt(1);
const fields = options.shape;
export const trainerOptions = z.strictObject({
  learningRate: fields.learningRate.describe('learning rate of generator and critic'),
  generatorLearningRate: fields.generatorLearningRate.describe('learning rate of the generator'),
  criticLearningRate: fields.criticLearningRate.describe('learning rate of the critic'),
  criticSteps: fields.criticSteps.describe('critic steps for each generator step'),
  accumulate: fields.accumulate.describe('batches whose mean gradient makes a step'),
  averageDecay: fields.averageDecay.describe('decay'),
  seed: fields.seed.describe('seed'),
});

export const objectives = new Registry<Objective>('objective', [
  {
    name: 'wasserstein',
    description: 'w',
    options: none,
    create: async () => (await trainer()).wasserstein,
  } as Entry<Objective>,
  {
    name: 'normal',
    description: 'w',
    options: none,
    create: async () => (await trainer()).crossEntropy,
  },
  {
    name: 'least-squares',
    description: 'w',
    options: none,
    create: async () => (await trainer()).leastSquares,
  },
  { name: 'hinge', description: 'w', options: none, create: async () => (await trainer()).hinge },
]);
export const constraints = new Registry<Constraint>('constraint', [
  {
    name: 'svc',
    description: 'w',
    options: z.strictObject({ clipEvery }),
    create: async (o) => (await trainer()).singularValueClipping(o.clipEvery),
  },
  {
    name: 'operator-norm',
    description: 'w',
    options: z.strictObject({ clipEvery }),
    create: async (o) => (await trainer()).operatorNormClipping(o.clipEvery),
  },
  {
    name: 'spectral-norm',
    description: 'w',
    options: none,
    create: async () => (await trainer()).spectralNormalization(),
  },
  {
    name: 'gradient-penalty',
    description: 'w',
    options: z.strictObject({
      penaltyWeight: z.number().positive().default(10).describe('lambda'),
    }),
    create: async (o) => (await trainer()).gradientPenalty(o.penaltyWeight),
  },
  {
    name: 'weight-clipping',
    description: 'w',
    options: z.strictObject({ weightLimit: z.number().positive().default(0.01).describe('limit') }),
    create: async (o) => (await trainer()).weightClipping(o.weightLimit),
  },
  {
    name: 'none',
    description: 'w',
    options: none,
    create: async () => (await trainer()).unconstrained,
  },
]);
export const optimizers = new Registry<Optimizer>('optimizer', [
  {
    name: 'rmsprop',
    description: 'w',
    options: none,
    create: async () => (await trainer()).rmsProp(),
  },
  {
    name: 'adam',
    description: 'w',
    options: z.strictObject({
      beta1: decay.default(0.5).describe('b1'),
      beta2: decay.default(0.999).describe('b2'),
    }),
    create: async (o) => (await trainer()).adam(o),
  },
]);
export const schedules = new Registry<Schedule, { steps: number }>('schedule', [
  {
    name: 'constant',
    description: 'w',
    options: none,
    create: async () => (await trainer()).constant,
  },
  {
    name: 'linear-decay',
    description: 'w',
    options: none,
    create: async (_, { steps }) => (await trainer()).linearDecay(steps),
  },
]);
