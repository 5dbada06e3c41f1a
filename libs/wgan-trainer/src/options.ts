import { z } from 'zod';

/** What a `WganTrainer` takes; the defaults are the paper's. */
export const trainerOptions = z.strictObject({
  /** Step size of both players. */
  learningRate: z.number().positive().default(5e-5),
  /** Step size of the generator, where it is another. */
  generatorLearningRate: z.number().positive().optional(),
  /** Step size of the critic, where it is another. */
  criticLearningRate: z.number().positive().optional(),
  /** Critic steps for each generator step; the last one shares its pass with the generator. */
  criticSteps: z.int().min(1).default(1),
  /** Batches whose mean gradient makes a step: for batches that do not fit into memory at once. */
  accumulate: z.int().min(1).default(1),
  /** How much of the moving average of the generator stays at each step, such as 0.999; 0 for no average. */
  averageDecay: z.number().min(0).lt(1).default(0),
  /** Seed of the latents. */
  seed: z.int().default(0),
});

/** Options of a `WganTrainer`; each has a default. */
export type TrainerOptions = z.input<typeof trainerOptions>;
