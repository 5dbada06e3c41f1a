import { parseOptions, Random, type Communicator } from '@tgan/core';
import type { ClipReport } from '@tgan/svc-constraint';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import type { Constraint } from './constraints/constraint.js';
import { singularValueClipping } from './constraints/svc.js';
import type { Gan, RealBatch } from './gan.js';
import { checkPenalty, lossGradients, MeanGradients } from './gradients.js';
import { findNonFinite } from './non-finite.js';
import type { Objective } from './objectives/objective.js';
import { wasserstein } from './objectives/wasserstein.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { rmsProp } from './optimizers/rmsprop.js';
import { trainerOptions, type TrainerOptions } from './options.js';
import { ParameterGroup } from './parameter-group.js';
import { Ranks } from './ranks.js';
import { constant } from './schedules/constant.js';
import type { Schedule } from './schedules/schedule.js';
import { readState, writeState, type TrainerState } from './state.js';
import { WeightAverage } from './weight-average.js';

/** What a `WganTrainer` takes. The defaults are the paper's. */
export interface WganTrainerOptions extends TrainerOptions {
  /** The losses of both networks. Default `wasserstein`, which needs one pass for both. */
  readonly objective?: Objective;
  /** The constraint of the critic. Default `singularValueClipping()`. */
  readonly constraint?: Constraint;
  /** The optimizer of both networks. Default `rmsProp()`. */
  readonly optimizer?: Optimizer;
  /** How the learning rates change from step to step. Default `constant`. */
  readonly schedule?: Schedule;
  /**
   * The processes that train together. Each passes its own part of every batch, and all take the
   * step that one would take on the whole batch. Their trainers must begin with the same state.
   */
  readonly communicator?: Communicator;
}

/** Returns the next batch of real samples. The trainer disposes its tensors. */
export type NextBatch<Samples extends tf.Tensor = tf.Tensor> = () =>
  RealBatch<Samples> | Promise<RealBatch<Samples>>;

/** What one step did. */
export interface StepMetrics {
  /** The step's number, from 1. */
  readonly step: number;
  /**
   * V = real - fake. In a Wasserstein GAN it is the critic's estimate of the distance, up to its
   * Lipschitz constant.
   */
  readonly value: number;
  /** Mean score of the real samples. */
  readonly real: number;
  /** Mean score of the generated samples. */
  readonly fake: number;
  /** What the clipping changed, on the steps that clip. */
  readonly clipping?: ClipReport;
}

/** Training diverged, and further steps cannot fix it. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/**
 * Trains a GAN, by default as a Wasserstein GAN that singular value clipping keeps Lipschitz
 * (paper, section 4).
 *
 * A step takes the gradients of both losses on a batch, moves both networks down them, and lets the
 * constraint change the critic. Other objectives, constraints, optimizers and schedules are passed
 * as values.
 *
 * @example
 * ```ts
 * const trainer = new WganTrainer(createGan({ generator, critic }), { seed: 1 });
 * const { value } = await trainer.step({ samples: realImages });
 * ```
 */
export class WganTrainer<Samples extends tf.Tensor = tf.Tensor> {
  readonly model: Gan<Samples>;
  readonly options: z.output<typeof trainerOptions>;
  readonly objective: Objective;
  readonly constraint: Constraint;
  readonly schedule: Schedule;
  readonly generator: ParameterGroup;
  readonly critic: ParameterGroup;
  /**
   * The moving average of the generator's weights and running statistics, if `averageDecay` > 0.
   */
  readonly average?: WeightAverage;
  readonly #ranks?: Ranks;
  /** Where the latents come from. */
  random: Random;
  /** Steps done. */
  stepsDone = 0;

  /**
   * @throws OptionsError when an option is out of range. TypeError when the objective reads real
   * scores and does not declare it. PenaltyError when the constraint has a
   * penalty that cannot be differentiated with this model on this backend.
   */
  constructor(
    model: Gan<Samples>,
    {
      objective = wasserstein,
      constraint = singularValueClipping(),
      optimizer = rmsProp(),
      schedule = constant,
      communicator,
      ...options
    }: WganTrainerOptions = {},
  ) {
    this.model = model;
    this.options = parseOptions(trainerOptions, options, 'trainer');
    checkObjective(objective);
    if (communicator) this.#ranks = new Ranks(communicator, model, this.options.syncBatchNorm);
    if (constraint.penalty) {
      // As in a step: batch norm over several processes has no second derivative.
      this.#ranks?.share(2);
      checkPenalty(model, constraint.penalty);
    }
    this.objective = objective;
    this.constraint = constraint;
    this.schedule = schedule;
    this.generator = new ParameterGroup(model.generatorVariables, optimizer);
    this.critic = new ParameterGroup(model.criticVariables, optimizer);
    this.random = new Random(this.options.seed);
    const { averageDecay } = this.options;
    if (averageDecay > 0) this.average = new WeightAverage(generatorWeights(model), averageDecay);
  }

  /** The number of batches per step: `criticSteps` times `accumulate`. */
  get batchesPerStep(): number {
    return this.options.criticSteps * this.options.accumulate;
  }

  /** The learning rates at a step, which counts from 1. */
  learningRates(step: number): { readonly generator: number; readonly critic: number } {
    const { learningRate, generatorLearningRate, criticLearningRate } = this.options;
    const factor = this.schedule(step);
    return {
      generator: factor * (generatorLearningRate ?? learningRate),
      critic: factor * (criticLearningRate ?? learningRate),
    };
  }

  /**
   * Takes one step.
   *
   * @param next - a batch, or a function that the step calls for each of its {@link batchesPerStep}
   * batches. The trainer disposes the tensors of the batches, also when the step fails.
   * @throws TrainingError when a score is NaN, infinite or beyond 2^24. The message names the layer
   * where the bad numbers began, if it is known. That batch has not changed any weight. RangeError
   * when one batch comes for a step of several; the caller keeps it then. Errors of `next` and of
   * the model are passed on, such as the LabelError of a conditional model.
   */
  async step(next: RealBatch<Samples> | NextBatch<Samples>): Promise<StepMetrics> {
    const nextBatch = typeof next === 'function' ? next : this.onlyBatch(next);
    const step = this.stepsDone + 1;
    for (let i = 1; i < this.options.criticSteps; i++) {
      await this.update(step, nextBatch, { generator: false });
    }
    const scores = await this.update(step, nextBatch, { generator: true });
    this.#ranks?.averageStatistics();
    this.stepsDone = step;
    this.average?.update(step);
    const metrics = { step, value: scores.real - scores.fake, ...scores };
    const clipping = await this.constraint.project?.(
      this.model.critic,
      step,
      this.#ranks?.communicator,
    );
    return clipping ? { ...metrics, clipping } : metrics;
  }

  /**
   * Runs `work`, such as sampling or saving, while the generator has its averaged weights. Samples
   * of the average are usually better than those of one step. Without an average, or before the
   * first step, the generator keeps its own weights.
   *
   * The running statistics of batch norm are averaged like weights. The result is close to the
   * statistics of the averaged generator, but not the same.
   *
   * Do not train, read or restore a state before `work` is done.
   */
  async averaged<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.average || this.stepsDone === 0) return work();
    this.average.swap();
    try {
      return await work();
    } finally {
      this.average.swap();
    }
  }

  /**
   * Everything that a run needs to continue with the same bits, except its real samples: weights
   * and running statistics, accumulators, and the state of each random stream. The arrays are
   * copies. Do not train while the state is read.
   */
  state(): Promise<TrainerState> {
    return readState(this);
  }

  /**
   * Continues the training that had this state. The options stay those of this trainer.
   *
   * @throws TrainerStateError when the state is damaged or of another model. Nothing is changed
   * then.
   */
  restore(state: TrainerState): void {
    writeState(this, state);
  }

  /** Frees the trainer's own tensors. The model is not disposed. */
  dispose(): void {
    this.generator.dispose();
    this.critic.dispose();
    this.average?.dispose();
  }

  /** One step of the critic, and of the generator if it is its turn. */
  private async update(
    step: number,
    nextBatch: NextBatch<Samples>,
    turn: Turn,
  ): Promise<MeanScores> {
    const { accumulate } = this.options;
    const mean = new MeanGradients(accumulate);
    const scores = { real: 0, fake: 0 };
    try {
      for (let i = 0; i < accumulate; i++) {
        const { real, fake } = await this.pass(step, await nextBatch(), turn, mean);
        scores.real += real / accumulate;
        scores.fake += fake / accumulate;
      }
      this.#ranks?.sumGradients(mean.gradients);
      const rates = this.learningRates(step);
      if (turn.generator) this.generator.step(mean.gradients, rates.generator);
      this.critic.step(mean.gradients, rates.critic);
    } finally {
      mean.dispose();
    }
    return scores;
  }

  /** Adds the gradients of one batch to the mean. Disposes the batch. */
  private async pass(
    step: number,
    batch: RealBatch<Samples>,
    turn: Turn,
    mean: MeanGradients,
  ): Promise<MeanScores> {
    const { model, objective, constraint, random } = this;
    const { penalty } = constraint;
    const ranks = this.#ranks;
    const count = batch.samples.shape[0];
    const share = ranks?.share(count);
    const latents = share ? ranks!.latents(model, share, random) : model.latents(count, random);
    try {
      const { real, fake, gradients } = lossGradients(model, objective, batch, latents, {
        ...turn,
        penalty: penalty && { of: penalty, random: ranks?.ownRandom(random) ?? random },
        ...(share && { part: share.count / share.total }),
      });
      mean.add(gradients);
      const own = { real: (await real.data())[0], fake: (await fake.data())[0] };
      tf.dispose([real, fake]);
      const scores = share ? ranks!.meanScores(own, share) : own;
      if (!isSound(scores.real) || !isSound(scores.fake)) {
        const found = await findNonFinite(model, batch, latents);
        const cause = (ranks ? ranks.firstFound(found) : found) ?? 'they grow without end';
        throw new TrainingError(
          `step ${step}: the critic's scores are ${scores.real} for real and ${scores.fake} ` +
            `for generated samples: ${cause}; go back to a checkpoint or lower the learning rate`,
        );
      }
      return scores;
    } finally {
      tf.dispose([batch.samples, latents]);
      batch.labels?.dispose();
    }
  }

  private onlyBatch(batch: RealBatch<Samples>): NextBatch<Samples> {
    if (this.batchesPerStep === 1) return () => batch;
    throw new RangeError(
      `a step takes ${this.batchesPerStep} batches (criticSteps x accumulate): ` +
        'pass a function that returns the next one',
    );
  }
}

/** The compiler checks this declaration; modules in plain JavaScript can forget it. */
function checkObjective({ relativistic, generatorLoss }: Objective): void {
  if (relativistic || generatorLoss.length < 2) return;
  throw new TypeError(
    "the objective's generatorLoss takes the scores of real samples: declare relativistic: true",
  );
}

/** Beyond 2^24 float32 does not tell a score from the score plus one. */
const isSound = (score: number) => Math.abs(score) <= 2 ** 24;

type MeanScores = Pick<StepMetrics, 'real' | 'fake'>;

/** Whose turn it is: always the critic's, sometimes the generator's too. */
interface Turn {
  readonly generator: boolean;
}

const generatorWeights = ({ networks, critic }: Gan) =>
  Object.values(networks)
    .filter((network) => network !== critic)
    .flatMap(({ weights }) => weights.map((weight) => weight.read() as tf.Variable));
