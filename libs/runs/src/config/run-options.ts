import * as z from 'zod';
import { trainerOptions } from '@tgan/wgan-trainer/registries';

const { seed: _latents, ...trainer } = trainerOptions.shape;

/** The options of a run besides those of its entries: the trainer's and its own. */
export const runOptions = z.strictObject({
  ...trainer,
  warmUpSteps: z
    .int()
    .min(0)
    .default(0)
    .describe('steps during which the learning rates rise from zero'),
  // Batch norm cannot measure the variance of one clip.
  batchSize: z.int().min(2).max(65_536).default(32).describe('clips per batch'),
  steps: z.int().min(1).default(100_000).describe('training steps in all'),
  seed: z.int().default(0).describe('seed of all random numbers: the same seed gives the same run'),
  checkpointEvery: z.int().min(1).default(500).describe('steps from one checkpoint to the next'),
  keepCheckpoints: z.int().min(1).default(3).describe('number of checkpoints to keep'),
  evaluateEvery: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'steps from one evaluation to the next; evaluations select the best checkpoint; 0 for none',
    ),
  evaluateCount: z.int().min(16).default(128).describe('clips per evaluation'),
  extractor: z
    .string()
    .optional()
    .describe('the feature extractor of evaluations (see docs/metrics.md)'),
  sampleEvery: z.int().min(1).default(1000).describe('steps from one sheet of samples to the next'),
  sampleCount: z.int().min(1).max(10_000).default(16).describe('videos per sheet of samples'),
  sampleFormat: z
    .enum(['gif', 'webp'])
    .default('gif')
    .describe('format of the sheets: gif or webp'),
  tensorboard: z.boolean().default(true).describe('whether to write event files for TensorBoard'),
  backend: z.string().default('auto').describe('auto, or a backend that tgan doctor lists'),
  threads: z
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('threads of the backend simd (default: one for each core)'),
  deterministic: z
    .boolean()
    .default(true)
    .describe(
      'under mpirun: sums are added in the order of the processes, so that as many give the same bits; if false, as MPI likes',
    ),
  import: z
    .array(z.string())
    .optional()
    .describe('modules that add models, objectives and so on (see docs/extending.md)'),
});

/**
 * The keys that may change when a run is resumed: how long, how fast and on what it trains, the
 * paths of its data and modules, and what it shows and keeps. Any other change would
 * make another run.
 */
export const freeKeys: readonly string[] = [
  ...['steps', 'checkpointEvery', 'keepCheckpoints', 'evaluateEvery'],
  ...['sampleEvery', 'sampleCount', 'sampleFormat', 'tensorboard'],
  ...['learningRate', 'generatorLearningRate', 'criticLearningRate'],
  ...['backend', 'threads', 'syncBatchNorm', 'deterministic', 'data', 'import'],
];
