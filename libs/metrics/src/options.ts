import type { OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { BLOCKS } from './feature-sample.js';

/** Options of {@link evaluate}, as given. */
export interface EvaluationOptions {
  /** How many generated clips are judged. Default 2048. */
  readonly count?: number;
  /** How many real clips they are compared with; as many as generated ones if left out. */
  readonly referenceCount?: number;
  /** Judge as many further real clips too: what a perfect generator would get. Default true. */
  readonly real?: boolean;
  /** The most clips of each kind that kernel distance and nearest neighbors see. Default 2048. */
  readonly keep?: number;
  /** K of the nearest neighbors. Default 5. */
  readonly neighbors?: number;
  /** Parts of the Inception score. Default 1. */
  readonly splits?: number;
  /** Added to probabilities before logarithms; the Temporal GAN took 1e-7. Default 0. */
  readonly epsilon?: number;
  /** Bootstrap replicates for the intervals; 0: no intervals. Default 30. */
  readonly replicates?: number;
  /** Draws which clips are kept, and the bootstrap. Default 0. */
  readonly seed?: number;
}

/** The schema of {@link EvaluationOptions}. */
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
} satisfies OptionsShape<EvaluationOptions>);

/** Options of {@link evaluate}, with the defaults filled in. */
export type CheckedEvaluationOptions = z.output<typeof evaluationOptions> & {
  readonly referenceCount: number;
};
