import type { OptionsShape } from '@tgan/core';
import * as z from 'zod';

/** The numbers that a `WganTrainer` takes. The defaults are the paper's. */
export interface TrainerOptions {
  /** Learning rate of both networks. Default 5e-5. */
  readonly learningRate?: number;
  /** Learning rate of the generator, if it differs. */
  readonly generatorLearningRate?: number;
  /** Learning rate of the critic, if it differs. */
  readonly criticLearningRate?: number;
  /** Critic steps per generator step. Default 1. */
  readonly criticSteps?: number;
  /** Batches per step: their mean gradient is used, for batches too large for memory. Default 1. */
  readonly accumulate?: number;
  /** Decay of a moving average of the generator's weights, such as 0.999. Default 0: none. */
  readonly averageDecay?: number;
  /**
   * Whether batch norm takes its statistics from the whole batch when several processes train
   * together, or each from its part. Default true.
   */
  readonly syncBatchNorm?: boolean;
  /** Seed of the latents. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link TrainerOptions}. */
export const trainerOptions = z.strictObject({
  learningRate: z.number().positive().default(5e-5).describe('learning rate of both networks'),
  generatorLearningRate: z
    .number()
    .positive()
    .optional()
    .describe('learning rate of the generator, if it differs'),
  criticLearningRate: z
    .number()
    .positive()
    .optional()
    .describe('learning rate of the critic, if it differs'),
  criticSteps: z.int().min(1).default(1).describe('critic steps per generator step'),
  accumulate: z
    .int()
    .min(1)
    .default(1)
    .describe('batches per step: their mean gradient is used, for batches too large for memory'),
  averageDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("decay of a moving average of the generator's weights, such as 0.999; 0 for none"),
  syncBatchNorm: z
    .boolean()
    .default(true)
    .describe(
      'under mpirun: batch norm takes its statistics from the whole batch; if false, each process from its part',
    ),
  seed: z.int().default(0).describe('seed of the latents'),
} satisfies OptionsShape<TrainerOptions>);
