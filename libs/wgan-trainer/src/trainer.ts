import { parseOptions, Random } from '@tgan/core';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import { singularValueClipping, type Constraint } from './constraint.js';
import type { Game, NextBatch, StepMetrics } from './game.js';
import { MeanGradients } from './mean-gradients.js';
import { wasserstein, type Objective } from './objective.js';
import { findNonFinite } from './non-finite.js';
import { objectiveGradients } from './objective-gradients.js';
import { trainerOptions, type TrainerOptions } from './options.js';
import { checkPenalty } from './penalty-gradients.js';
import { Player } from './player.js';
import { rmsProp } from './rmsprop.js';
import { constant, type Schedule } from './schedule.js';
import { readArrays, readNoise, writeState, type TrainerState } from './state.js';
import { WeightAverage } from './weight-average.js';
import { wassersteinValue, type RealBatch } from './wasserstein.js';

/** Training went wrong in a way that further steps cannot mend. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
}

/**
 * Trains a video GAN, by default as a Wasserstein GAN kept Lipschitz by singular value clipping (paper, section 4).
 *
 * A step is one pass of {@link wassersteinValue} over both players, an RMSProp step of each, and every fifth step a
 * clipping of the critic. Other objectives, constraints, optimizers and schedules are passed as values.
 *
 * @example
 * ```ts
 * const trainer = new WganTrainer(model, { seed: 1 });
 * const { value } = await trainer.step(async () => ({ clips: realClips() }));
 * ```
 */
export class WganTrainer {
  readonly model: VideoModel;
  readonly options: z.output<typeof trainerOptions>;
  readonly objective: Objective;
  readonly constraint: Constraint;
  readonly schedule: Schedule;
  readonly generator: Player;
  readonly critic: Player;
  /** The moving average of the generator's weights and running statistics, if `averageDecay` asks for it. */
  readonly average?: WeightAverage;
  /** Where the latents come from. */
  random: Random;
  /** Steps done. */
  stepsDone = 0;

  /**
   * @throws OptionsError when an option is out of range; PenaltyError when the constraint has a penalty that cannot be
   * differentiated with this model on this backend.
   */
  constructor(
    model: VideoModel,
    {
      objective = wasserstein,
      constraint = singularValueClipping(),
      optimizer = rmsProp(),
      schedule = constant,
      ...options
    }: TrainerOptions & Game = {},
  ) {
    this.model = model;
    this.options = parseOptions(trainerOptions, options, 'trainer');
    if (constraint.penalty) checkPenalty(model, constraint.penalty);
    this.objective = objective;
    this.constraint = constraint;
    this.schedule = schedule;
    this.generator = new Player(model.generatorVariables, optimizer);
    this.critic = new Player(model.criticVariables, optimizer);
    this.random = new Random(this.options.seed);
    const { averageDecay } = this.options;
    if (averageDecay > 0) this.average = new WeightAverage(generatorWeights(model), averageDecay);
  }

  /** How many batches a step asks for: `criticSteps` times `accumulate`. */
  get batchesPerStep(): number {
    return this.options.criticSteps * this.options.accumulate;
  }

  /**
   * Does one step.
   *
   * @param nextBatch - is asked for {@link batchesPerStep} batches.
   * @throws TrainingError when a score is no longer a number, or is beyond all measure. It names the layer where that began;
   * no weight has taken that batch's step then. LabelError when labels of a conditional model are missing or do not fit. What `nextBatch` throws passes through.
   */
  async step(nextBatch: NextBatch): Promise<StepMetrics> {
    const step = this.stepsDone + 1;
    for (let i = 1; i < this.options.criticSteps; i++) {
      await this.play(step, nextBatch, { generator: false });
    }
    const scores = await this.play(step, nextBatch, { generator: true });
    this.stepsDone = step;
    this.average?.update(step);
    const metrics = { step, value: scores.real - scores.fake, ...scores };
    const clipping = await this.constraint.project?.(this.model.critic, step);
    return clipping ? { ...metrics, clipping } : metrics;
  }

  /**
   * Runs `work` while the generator has its averaged weights, for samples and for weights that are kept: usually better
   * than those of one step. Without an average, or before the first step, while it has its own.
   *
   * The running statistics of batch norm are averaged as the weights are. Those are the statistics of the generators
   * that were averaged, not of the average: close, because they change slowly, but not the same.
   *
   * Do not train, nor read or restore a state, before `work` is done.
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
   * All that a run needs to go on to the very same numbers, but for its real clips: weights and running statistics,
   * what the optimizers remember, and where the random streams stand. Copies, which further steps do not change. Do not train while it
   * is read.
   */
  async state(): Promise<TrainerState> {
    const progress = {
      steps: this.stepsDone,
      updates: { generator: this.generator.updates, critic: this.critic.updates },
      latents: [...this.random.state],
      noise: readNoise(this.model),
    };
    return { progress, arrays: await readArrays(this) };
  }

  /**
   * Goes on where the trainer that had this state stood. The options stay this trainer's own.
   *
   * @throws TrainerStateError when the state is damaged or of another model. Nothing is changed then.
   */
  restore(state: TrainerState): void {
    writeState(this, state);
    this.stepsDone = state.progress.steps;
    this.random = Random.restore(state.progress.latents);
  }

  /** Frees what the trainer keeps beside the model; the model stays. */
  dispose(): void {
    this.generator.dispose();
    this.critic.dispose();
    this.average?.dispose();
  }

  /** One step of the critic, and of the generator when it is its turn. */
  private async play(step: number, nextBatch: NextBatch, turn: Turn): Promise<Scores> {
    const { accumulate, learningRate, generatorLearningRate, criticLearningRate } = this.options;
    const mean = new MeanGradients(accumulate);
    const scores = { real: 0, fake: 0 };
    try {
      for (let i = 0; i < accumulate; i++) {
        const { real, fake } = await this.pass(step, await nextBatch(), turn, mean);
        scores.real += real / accumulate;
        scores.fake += fake / accumulate;
      }
      const factor = this.schedule(step);
      if (turn.generator) {
        const rate = generatorLearningRate ?? learningRate;
        this.generator.step(mean.gradients, -factor * rate);
      }
      const rate = criticLearningRate ?? learningRate;
      this.critic.step(mean.gradients, (this.isZeroSum ? factor : -factor) * rate);
    } finally {
      mean.dispose();
    }
    return scores;
  }

  /** One pass over a batch, whose gradients go into the mean. Disposes the batch. */
  private async pass(
    step: number,
    batch: RealBatch,
    turn: Turn,
    mean: MeanGradients,
  ): Promise<Scores> {
    const { penalty } = this.constraint;
    const z0 = this.model.latents(batch.clips.shape[0], this.random);
    try {
      const { real, fake, gradients } = this.isZeroSum
        ? wassersteinValue(this.model, batch, z0, [
            ...(turn.generator ? this.generator.variables : []),
            ...this.critic.variables,
          ])
        : objectiveGradients(this.model, this.objective, batch, z0, {
            ...turn,
            penalty: penalty && { of: penalty, random: this.random },
          });
      mean.add(gradients);
      const scores = { real: (await real.data())[0], fake: (await fake.data())[0] };
      tf.dispose([real, fake]);
      if (!isSound(scores.real) || !isSound(scores.fake)) {
        const cause = (await findNonFinite(this.model, batch, z0)) ?? 'they grow without end';
        throw new TrainingError(
          `step ${step}: the critic's scores are ${scores.real} for real and ${scores.fake} for generated clips: ${cause}; ` +
            'go back to a checkpoint or lower the learning rate',
        );
      }
      return scores;
    } finally {
      tf.dispose([batch.clips, z0]);
      batch.labels?.dispose();
    }
  }

  /** Whether both players share one value, the critic ascending what the generator descends. */
  private get isZeroSum(): boolean {
    return this.objective === wasserstein && !this.constraint.penalty;
  }
}

/** Beyond 2^24 float32 does not tell a score from the score plus one. */
const isSound = (score: number) => Math.abs(score) <= 2 ** 24;

type Scores = Pick<StepMetrics, 'real' | 'fake'>;

/** Whose turn it is: the critic's always, and the generator's? */
interface Turn {
  readonly generator: boolean;
}

const generatorWeights = ({ networks, critic }: VideoModel) =>
  Object.values(networks)
    .filter((network) => network !== critic)
    .flatMap(({ weights }) => weights.map((weight) => weight.read() as tf.Variable));
