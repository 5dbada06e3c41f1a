import { z } from 'zod';
import { trainerOptions } from '@tgan/wgan-trainer/registries';

const { seed: _latents, ...trainer } = trainerOptions.shape;

/** What a run has beside the options of its entries: the trainer's options and its own. */
export const runOptions = z.strictObject({
  ...trainer,
  warmUpSteps: z
    .int()
    .min(0)
    .default(0)
    .describe('steps over which the learning rates rise from zero'),
  // Batch norm cannot tell the spread of one clip.
  batchSize: z.int().min(2).max(65_536).default(32).describe('clips in a batch'),
  steps: z.int().min(1).default(100_000).describe('steps to train'),
  seed: z.int().default(0).describe('seed of everything random: the same seed, the same run'),
  checkpointEvery: z.int().min(1).default(500).describe('steps between two checkpoints'),
  keepCheckpoints: z.int().min(1).default(3).describe('how many of the last checkpoints to keep'),
  evaluateEvery: z
    .int()
    .min(0)
    .default(0)
    .describe('steps between two evaluations, which the best checkpoint is chosen by; 0: none'),
  evaluateCount: z.int().min(16).default(128).describe('clips of an evaluation'),
  extractor: z
    .string()
    .optional()
    .describe('what finds the features of an evaluation, see docs/metrics.md'),
  sampleEvery: z.int().min(1).default(1000).describe('steps between two sheets of samples'),
  sampleCount: z.int().min(1).max(10_000).default(16).describe('videos on a sheet of samples'),
  sampleFormat: z
    .enum(['gif', 'webp'])
    .default('gif')
    .describe('format of the sheets: gif or webp'),
  tensorboard: z.boolean().default(true).describe('whether to write event files for TensorBoard'),
  backend: z
    .string()
    .default('auto')
    .describe('what computes: auto, or a name that tgan doctor lists'),
  import: z
    .array(z.string())
    .optional()
    .describe('modules that add models, objectives and so on: see docs/extending.md'),
});

/**
 * The keys that may change when a run goes on: how long, how fast and with what it trains, where
 * its data and modules are, and what it shows and keeps. All others make it another run.
 */
export const freeKeys: readonly string[] = [
  ...['steps', 'checkpointEvery', 'keepCheckpoints', 'evaluateEvery'],
  ...['sampleEvery', 'sampleCount', 'sampleFormat', 'tensorboard'],
  ...['learningRate', 'generatorLearningRate', 'criticLearningRate'],
  ...['backend', 'data', 'import'],
];
