import { parseOptions } from '@tgan/core';
import {
  conv3dGanOptions,
  parseVideoModelOptions,
  vganOptions,
  videoGanOptions,
  videoModelNames,
  type VideoModelOptions,
} from '@tgan/video-gan/options';
import { trainerOptions } from '@tgan/wgan-trainer/options';
import { z } from 'zod';

const { seed: trainerSeed, ...training } = trainerOptions.shape;

/** How much of a running mean stays at each step. */
const decay = z.number().min(0).lt(1);

const constraints = z.enum([
  'svc',
  'operator-norm',
  'spectral-norm',
  'gradient-penalty',
  'weight-clipping',
  'none',
]);

/** What a run depends on beside its model. */
const runOptions = z.strictObject({
  dataset: z.enum(['moving-mnist', 'packed']).default('moving-mnist'),
  data: z.string().default(''),
  digits: z.int().min(1).default(2),
  augment: z.boolean().default(false),
  objective: z.enum(['wasserstein', 'normal', 'least-squares', 'hinge']).default('wasserstein'),
  constraint: constraints.default('svc'),
  clipEvery: z.int().min(1).default(5),
  weightLimit: z.number().positive().default(0.01),
  penaltyWeight: z.number().positive().default(10),
  ...training,
  optimizer: z.enum(['rmsprop', 'adam']).default('rmsprop'),
  beta1: decay.default(0.5),
  beta2: decay.default(0.999),
  schedule: z.enum(['constant', 'linear-decay']).default('constant'),
  warmUpSteps: z.int().min(0).default(0),
  // Batch norm cannot tell the spread of one clip.
  batchSize: z.int().min(2).default(32),
  steps: z.int().min(1).default(100_000),
  seed: z.int().default(0),
  checkpointEvery: z.int().min(1).default(500),
  keepCheckpoints: z.int().min(1).default(3),
  sampleEvery: z.int().min(1).default(1000),
  sampleCount: z.int().min(1).default(16),
  sampleFormat: z.enum(['gif', 'webp']).default('gif'),
  tensorboard: z.boolean().default(true),
  backend: z.string().default('auto'),
});

// One seed serves the whole run.
const { seed: modelSeed, ...modelShape } = {
  model: z.enum(videoModelNames).default('tgan'),
  ...vganOptions.shape,
  ...conv3dGanOptions.shape,
  ...videoGanOptions.shape,
  channels: z.int().default(1),
};

/** Every key of a configuration, with the schema of its value; those of the model depend on which model it is. */
export const configShape = { ...runOptions.shape, ...modelShape };

/** A key of a configuration. */
export type ConfigKey = keyof typeof configShape;

const anyKeys = z.strictObject(
  Object.fromEntries(Object.keys(configShape).map((key) => [key, z.unknown().optional()])),
);

/** Everything that a run depends on: what presets set, flags override and the run folder keeps. */
export interface RunConfig extends z.output<typeof runOptions> {
  /** The model's options, without its seed. */
  readonly model: ReturnType<typeof parseVideoModelOptions>;
}

/**
 * Checks a flat configuration and fills in all defaults.
 *
 * @param values - keys of {@link configShape} with their values.
 * @param subject - where they come from; begins the message of an error.
 * @throws OptionsError that names the field, what came and what is allowed.
 */
export function parseConfig(values: unknown, subject: string): RunConfig {
  const known = parseOptions(anyKeys, values, subject);
  const isRun = ([key]: [string, unknown]) => Object.hasOwn(runOptions.shape, key);
  const entries = Object.entries(known);
  const run = parseOptions(runOptions, Object.fromEntries(entries.filter(isRun)), subject);
  const model = Object.fromEntries(entries.filter((entry) => !isRun(entry)));
  return { ...run, model: parseVideoModelOptions({ channels: 1, ...model } as VideoModelOptions) };
}

/** A configuration as {@link parseConfig} takes it. */
export function flatConfig({ model, ...run }: RunConfig): Record<string, unknown> {
  const { seed, ...modelOptions } = model;
  return { ...run, ...modelOptions };
}
