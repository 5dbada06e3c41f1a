import * as z from 'zod';
import { BLOCKS } from './feature-sample.js';

/** Options of {@link evaluate}. */
export const evaluationOptions = z.strictObject({
  count: z.int().min(2).default(2048).describe('how many generated clips are judged'),
  referenceCount: z
    .int()
    .min(2)
    .optional()
    .describe('how many real clips they are compared with; as many as generated ones if left out'),
  real: z
    .boolean()
    .default(true)
    .describe('judge as many further real clips too: what a perfect generator would get'),
  keep: z
    .int()
    .min(2)
    .default(2048)
    .describe('the most clips of each kind that kernel distance and nearest neighbors see'),
  neighbors: z.int().min(1).default(5).describe('k of the nearest neighbors'),
  splits: z
    .int()
    .min(1)
    .refine((splits) => BLOCKS % splits === 0, `a divisor of ${BLOCKS} is expected`)
    .default(1)
    .describe('parts of the Inception score'),
  epsilon: z
    .number()
    .min(0)
    .default(0)
    .describe('added to probabilities before logarithms; the Temporal GAN took 1e-7'),
  replicates: z
    .int()
    .min(0)
    .default(30)
    .describe('bootstrap replicates for the intervals; 0: no intervals'),
  seed: z.int().default(0).describe('draws which clips are kept, and the bootstrap'),
});

/** Options of {@link evaluate}, as given. */
export type EvaluationOptions = z.input<typeof evaluationOptions>;

/** Options of {@link evaluate}, with the defaults filled in. */
export type CheckedEvaluationOptions = z.output<typeof evaluationOptions> & {
  readonly referenceCount: number;
};
