import * as z from 'zod';

/** The numbers that a `WganTrainer` takes. The defaults are the paper's. */
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
  seed: z.int().default(0).describe('seed of the latents'),
});

/** The numbers that a `WganTrainer` takes; each has a default. */
export type TrainerOptions = z.input<typeof trainerOptions>;
