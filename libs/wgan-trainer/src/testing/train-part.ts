import { Random, type Communicator } from '@tgan/core';
import { DualCriticGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { gradientPenalty } from '../constraints/gradient-penalty.js';
import { singularValueClipping } from '../constraints/svc.js';
import type { Gan, RealBatch } from '../gan.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { TrainerOptions } from '../options.js';
import { WganTrainer, type StepMetrics } from '../trainer.js';
import { tinyGan, weightsOf, type TinyModel } from './tiny-models.js';

/** A training that one process does, or several together. */
export interface Training {
  readonly model: keyof typeof makers;
  /** How many samples each process has of a batch. */
  readonly counts: readonly number[];
  readonly steps: number;
  readonly options?: TrainerOptions;
  readonly penalty?: boolean;
  /** The process whose samples hold NaN. */
  readonly broken?: number;
}

/** What a process has in the end. */
export interface Trained {
  readonly metrics?: StepMetrics[];
  readonly weights?: Float32Array[];
  readonly error?: string;
}

const makers = {
  tgan: (): TinyModel => tinyGan({ noise: 0.3, classes: 3 }),
  dual: (): TinyModel =>
    new DualCriticGan({
      ...{ latentSize: 4, frames: 4, imageSize: 16, channels: 1, sprites: 1, spriteSize: 8 },
      ...{ temporalWidths: [4, 4], imageWidths: [4, 2], criticWidths: [4, 4] },
      ...{ frameCriticWidths: [4, 2], noise: 0.1 },
    }),
};

/** Rounding stays as small as it is: a rule that divides by gradients would make steps of it. */
const descent: Optimizer = {
  accumulators: [],
  update: (weight, gradient, _, { learningRate }) => [weight.sub(gradient.mul(learningRate))],
};

/** Trains, with this process's part of every batch or, without a communicator, with all of it. */
export default async function trainPart(
  communicator: Communicator | undefined,
  { model, counts, steps, options, penalty, broken }: Training,
): Promise<Trained> {
  const gan = makers[model]();
  const rank = communicator?.rank ?? 0;
  const constraint = penalty ? gradientPenalty(0.1) : singularValueClipping(2);
  const start = communicator ? sum(counts.slice(0, rank)) : 0;
  const count = communicator ? counts[rank] : sum(counts);
  try {
    const given = { learningRate: 0.05, optimizer: descent, constraint, communicator, ...options };
    const trainer = new WganTrainer(gan, given);
    const random = new Random(1);
    const nextBatch = () => partOf(gan, random, sum(counts), start, count, rank === broken);
    const metrics: StepMetrics[] = [];
    for (let i = 0; i < steps; i++) metrics.push(await trainer.step(nextBatch));
    return { metrics, weights: weightsOf(gan) };
  } catch (error) {
    return { error: `${(error as Error).name}: ${(error as Error).message}` };
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A part of a batch of seeded noise. */
function partOf(
  { classes = 0 }: Gan,
  random: Random,
  total: number,
  start: number,
  count: number,
  broken: boolean,
): RealBatch<tf.Tensor5D> {
  const size = 4 * 16 ** 2;
  const all = random.uniform(total * size, -1, 1);
  const labels = Array.from({ length: total }, () => random.integer(Math.max(1, classes)));
  const own = all.slice(start * size, (start + count) * size);
  if (broken) own[5] = NaN;
  return {
    samples: tf.tensor5d(own, [count, 4, 16, 16, 1]),
    ...(classes > 0 && { labels: tf.tensor1d(labels.slice(start, start + count), 'int32') }),
  };
}
