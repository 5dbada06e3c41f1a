import { resolve as resolvePath } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Communicator } from '@tgan/core';
import { ClipLoader, type ClipBatch, type ClipSource } from '@tgan/datasets';
import type { VideoModel } from '@tgan/video-gan';
import { TrainingError, warmUp, WganTrainer, type RealBatch } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { selectBackend, type SelectedBackend } from './select-backend.js';
import type { Checkpoint } from './checkpoint-file.js';
import { checkpointPath, checkpointSteps, readCheckpoint } from './checkpoints.js';
import { ClipDistance } from './clip-distance.js';
import type { Axes } from './config/axes.js';
import {
  configChanges,
  parseConfig,
  readConfig,
  type ConfigInAxes,
  type RunConfig,
} from './config/config.js';
import { migrate } from './config/old-config.js';
import { trainerOptions } from '@tgan/wgan-trainer/registries';
import { UsageError } from './errors.js';
import { writeLabels } from './labels.js';
import type { MetricsLine } from './metrics-log.js';
import { TrainingScores } from './evaluate/training-scores.js';
import { openClips } from './open-clips.js';
import { RunFolder } from './run-folder.js';
import { runSeed } from './run-seed.js';
import { RunRecord } from './run-record.js';
import { storing } from './storage.js';
import { checkSameState, shareState, threadsBeside } from './together.js';
import { otherBits } from './versions.js';

/** The facts of a run when it begins. */
export interface TrainingStart {
  /** The run folder. */
  readonly folder: string;
  readonly backend: SelectedBackend;
  /** The number of weights of all networks. */
  readonly weights: number;
  /** The number of steps done; 0 for a new run. */
  readonly stepsDone: number;
  /** The last step of the run. */
  readonly steps: number;
  /** The number of real clips per step. */
  readonly clipsPerStep: number;
}

/** Hooks to follow and to stop a run, and the processes that train it together. */
export interface TrainingHooks {
  /**
   * The processes that train the run together, each on its part of every batch. All call `train` or
   * `resume` alike. Rank 0 alone writes the run folder and calls the other hooks, and its
   * configuration counts.
   */
  readonly communicator?: Communicator;
  /** Stops the run after the current step, with a checkpoint and the weights. */
  readonly signal?: AbortSignal;
  /** Called once, when everything is ready for the first step. */
  readonly onStart?: (start: TrainingStart) => void;
  /** Called after each step with its line of metrics.jsonl. */
  readonly onStep?: (line: MetricsLine) => void;
  /** Called with a line that the user should see, such as that a damaged checkpoint was skipped. */
  readonly onNote?: (text: string) => void;
}

/** The result of a run. */
export interface TrainingResult {
  /** The run folder. */
  readonly folder: string;
  /** The name of the backend. */
  readonly backend: string;
  /** Whether the signal stopped the run before its last step. */
  readonly stopped: boolean;
  readonly stepsDone: number;
  /** The last sheet of samples of this session; undefined if there is none. */
  readonly samples?: string;
  /** The metrics of the last step; undefined before the first. */
  readonly last?: MetricsLine;
  /** The best step, which has a checkpoint. */
  readonly best?: number;
}

/**
 * Trains a new run until its last step or a signal. The results are in its folder, see `RunFolder`.
 *
 * @param values - a flat configuration, such as `loadConfig` returns: an entry for each axis and
 * the options of these entries, see `tgan train --help`. Everything has a default.
 * @param options - `folder`, the run folder to make, and hooks.
 * @throws OptionsError when the configuration is wrong; UsageError when the data do not fit the
 * model or the folder is taken; TrainingError when the numbers diverge; StorageError when the
 * folder cannot be written.
 */
export async function train(
  values: Readonly<Record<string, unknown>>,
  { folder, ...hooks }: TrainingHooks & { readonly folder: string },
): Promise<TrainingResult> {
  const { communicator } = hooks;
  const given = communicator ? communicator.broadcast(values) : values;
  const read = await readConfig(withAbsoluteData(given), 'the configuration');
  const create = () => RunFolder.create(folder, 'trains');
  return new Training(read, hooks).run(leads(communicator) ? create : undefined);
}

/** Whether this process writes the run. */
const leads = (communicator: Communicator | undefined) => (communicator?.rank ?? 0) === 0;

/** A path of data that is found from other working directories too. */
function withAbsoluteData(values: Readonly<Record<string, unknown>>) {
  const { data } = values;
  return typeof data === 'string' && data !== '' ? { ...values, data: resolvePath(data) } : values;
}

/** The options of {@link resume}. */
export interface ResumeOptions extends TrainingHooks {
  /** Keys of the configuration that change: see `freeKeys`. */
  readonly changes?: Readonly<Record<string, unknown>>;
  /** The step of the checkpoint to resume from. Default: the last. */
  readonly from?: number;
}

/**
 * Continues a run from its last checkpoint, with the same bits as an uninterrupted run. If a
 * checkpoint is damaged, the one before it is used.
 *
 * @param folder - the run folder.
 * @throws UsageError when there is no run or no checkpoint, or the configuration differs from the
 * checkpoint's in what may not change; CheckpointError when all checkpoints are damaged; and as
 * {@link train}.
 */
export async function resume(
  folder: string,
  { changes = {}, from, ...hooks }: ResumeOptions = {},
): Promise<TrainingResult> {
  if (!leads(hooks.communicator)) return follow(hooks.communicator!, hooks);
  const { run } = await RunFolder.open(folder);
  await run.lock('trains');
  try {
    // Another process may have changed it before the lock.
    const { config: kept } = await RunFolder.open(folder);
    return await goOn(run, kept, { changes, from, ...hooks });
  } finally {
    await run.unlock();
  }
}

async function goOn(
  run: RunFolder,
  kept: RunConfig,
  { changes = {}, from, ...hooks }: ResumeOptions,
): Promise<TrainingResult> {
  const { onNote = () => {} } = hooks;
  const subject = run.part('config');
  const { config, axes } = await readConfig({ ...kept, ...withAbsoluteData(changes) }, subject);
  const checkpoint = await storing(run, () => readCheckpoint(run, from, onNote), 'read');
  const before = parseConfig(migrate(checkpoint.config, axes), `a checkpoint of ${run.path}`, axes);
  const changed = configChanges(before, config, subject);
  changed.forEach(onNote);
  // What the last session changed may be what the checkpoint has.
  const rewritten = configChanges(kept, config, subject).filter((line) => !changed.includes(line));
  rewritten.forEach((line) => onNote(`${subject}: ${line}`));
  const { steps } = checkpoint.state.progress;
  onNote(`continuing after step ${steps}`);
  if (steps >= config.steps) onNote(`all ${config.steps} steps are done; --steps trains longer`);
  hooks.communicator?.broadcast({ config, position: checkpoint.position } satisfies Resumed);
  return new Training({ config, axes }, hooks).run(async () => run, checkpoint);
}

/** What rank 0 tells the others of a run that goes on, beside the state. */
interface Resumed {
  readonly config: RunConfig;
  readonly position: number;
}

/** Trains along with rank 0, which resumes a run. */
async function follow(communicator: Communicator, hooks: TrainingHooks): Promise<TrainingResult> {
  const { config, position } = communicator.broadcast<Resumed>(undefined as never);
  const read = await readConfig(config, 'the configuration');
  return new Training(read, hooks).run(undefined, undefined, position);
}

/** What a session has before its first step. */
interface Prepared {
  /** undefined where another rank writes the run. */
  readonly run: RunFolder | undefined;
  readonly backend: SelectedBackend;
  readonly model: VideoModel;
  readonly source: ClipSource;
  readonly trainer: WganTrainer<tf.Tensor5D>;
  readonly scores?: TrainingScores;
  readonly checkpoint?: Checkpoint;
  /** Batches of real clips used before. */
  readonly position: number;
}

type Recording = Omit<Prepared, 'run' | 'checkpoint' | 'position'> & { readonly run: RunFolder };

/** One session of a run. */
class Training {
  readonly #config: RunConfig;
  readonly #axes: Axes;
  readonly #hooks: TrainingHooks;

  constructor({ config, axes }: ConfigInAxes, hooks: TrainingHooks) {
    this.#config = config;
    this.#axes = axes;
    this.#hooks = hooks;
  }

  /**
   * @param open - gives the run's folder, once everything else is known to be in order; undefined
   * where another rank writes the run.
   * @param position - batches of real clips used before.
   */
  async run(
    open: (() => Promise<RunFolder>) | undefined,
    checkpoint?: Checkpoint,
    position = checkpoint?.position ?? 0,
  ): Promise<TrainingResult> {
    const config = this.#config;
    const { communicator } = this.#hooks;
    tf.enableProdMode();
    const threads = config.threads ?? (communicator && threadsBeside(communicator));
    const backend = await selectBackend(config.backend, threads);
    const model = await this.#axes.create('model', config, { seed: this.#seed('model') });
    const source = await openClips({ config, axes: this.#axes }, model);
    await this.#checkSize(source);
    const trainer = await this.#createTrainer(model);
    if (checkpoint) trainer.restore(checkpoint.state);
    if (communicator) {
      communicator.deterministic = config.deterministic;
      await shareState(trainer, communicator);
      await checkSameState(trainer, communicator);
    }
    const scores = open && (await TrainingScores.open({ config, axes: this.#axes }, model));

    const run = await open?.().catch(async (error: unknown) => {
      await source.close?.();
      throw error;
    });
    try {
      const prepared = { run, backend, model, source, trainer, scores, checkpoint, position };
      return await this.#train(prepared);
    } finally {
      await source.close?.();
      await run?.unlock();
    }
  }

  async #train({ run, backend, model, source, trainer, scores, checkpoint, ...rest }: Prepared) {
    const config = this.#config;
    const { batchSize, steps } = config;
    const { communicator, signal, onStart, onStep, onNote } = this.#hooks;
    if (run) {
      await storing(run, async () => {
        await run.keepData(source);
        await writeLabels(run, model.options.classes, source.classes);
      });
      onStart?.({
        folder: run.path,
        backend,
        weights: countWeights(model),
        stepsDone: trainer.stepsDone,
        steps,
        clipsPerStep: batchSize * trainer.batchesPerStep,
      });
      if (checkpoint && onNote) otherBits(checkpoint, backend.name).forEach(onNote);
    }

    let { position } = rest;
    const order = {
      batchSize,
      seed: this.#seed('order'),
      position,
      worker: source.recipe !== undefined,
      ...(communicator && { part: { index: communicator.rank, of: communicator.size } }),
    };
    const batches: AsyncIterator<ClipBatch> = new ClipLoader(source, order)[Symbol.asyncIterator]();
    const nextBatch = async () => {
      const batch = (await batches.next()).value as ClipBatch;
      position = batch.position;
      return toTensors(batch, model);
    };
    const record = run && (await this.#begin({ run, backend, model, source, trainer, scores }));
    // A signal may reach one rank only, or each after another step.
    const isStopped = () => {
      const aborted = signal?.aborted ?? false;
      return communicator ? communicator.allGather(aborted).some(Boolean) : aborted;
    };
    try {
      while (trainer.stepsDone < steps && !isStopped()) {
        const began = performance.now();
        const result = await trainer.step(nextBatch);
        const seconds = (performance.now() - began) / 1000;
        const saves = result.step % config.checkpointEvery === 0;
        if (communicator && saves) await checkSameState(trainer, communicator);
        // Waiting for the disk gives signals their turn, also where a step waits for nothing.
        const line = await (record ? record.add(result, seconds, position) : nextTurn());
        if (line) onStep?.(line);
      }
      await record?.end(position);
    } catch (error) {
      await record?.abandon();
      throw run ? await withAdvice(error, trainer.stepsDone, run, config) : error;
    } finally {
      await batches.return?.();
    }
    const { stepsDone } = trainer;
    scores?.dispose();
    trainer.dispose();
    model.dispose();
    const stopped = stepsDone < steps;
    const { samples, last, best } = record ?? {};
    const folder = run?.path ?? '';
    return { folder, backend: backend.name, stopped, stepsDone, samples, last, best };
  }

  /** Begins the record of a run. */
  async #begin({ run, backend, model, source, trainer, scores }: Recording): Promise<RunRecord> {
    return RunRecord.begin({
      ...{ run, config: this.#config, model, trainer, scores },
      distance: await ClipDistance.open(source, model, this.#seed('distance')),
      communicator: this.#hooks.communicator,
      backend: backend.name,
      sampleSeed: this.#seed('samples'),
    });
  }

  /** @throws UsageError when there are fewer clips than a batch takes, or than processes. */
  async #checkSize(source: ClipSource): Promise<void> {
    const { batchSize } = this.#config;
    const { size } = source;
    const ranks = this.#hooks.communicator?.size ?? 1;
    if (batchSize < ranks) {
      await source.close?.();
      throw new UsageError(
        `--batch-size ${batchSize}: each of ${ranks} processes needs a clip; set --batch-size ${ranks} or more`,
      );
    }
    if (size === undefined || size >= batchSize) return;
    await source.close?.();
    const advice = size < 2 ? 'add more' : `set --batch-size ${size} or less`;
    throw new UsageError(`--batch-size ${batchSize}: the data have ${size} clips; ${advice}`);
  }

  async #createTrainer(model: VideoModel): Promise<WganTrainer<tf.Tensor5D>> {
    const config = this.#config;
    const { steps, warmUpSteps } = config;
    const options = Object.keys(trainerOptions.shape).map((key) => [key, config[key]]);
    return new WganTrainer(model, {
      ...Object.fromEntries(options),
      objective: await this.#axes.create('objective', config),
      constraint: await this.#axes.create('constraint', config),
      optimizer: await this.#axes.create('optimizer', config),
      schedule: warmUp(warmUpSteps, await this.#axes.create('schedule', config, { steps })),
      seed: this.#seed('latents'),
      communicator: this.#hooks.communicator,
    });
  }

  #seed(part: Parameters<typeof runSeed>[1]): number {
    return runSeed(this.#config.seed, part);
  }
}

/** A batch of real clips as tensors, with their labels where the model wants them. */
function toTensors(
  { clips, shape, labels }: ClipBatch,
  { options }: VideoModel,
): RealBatch<tf.Tensor5D> {
  return {
    samples: tf.tensor5d(clips, shape),
    ...(options.classes && labels && { labels: tf.tensor1d(labels, 'int32') }),
  };
}

/** How many weights all networks of a model have together. */
export const countWeights = ({ networks }: VideoModel): number =>
  Object.values(networks).reduce((sum, network) => sum + network.countParams(), 0);

/**
 * Adds the last good checkpoint, and how to continue from it, to the error of a run that diverged.
 */
async function withAdvice(
  error: unknown,
  step: number,
  run: RunFolder,
  config: RunConfig,
): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const atClipping = error.name === 'NonFiniteWeightError';
  if (!atClipping && !(error instanceof TrainingError)) return error;
  const [last] = await checkpointSteps(run).catch(() => []);
  if (last === undefined) return error;
  const message = atClipping ? `step ${step}: ${error.message}` : error.message;
  return new TrainingError(
    `${message}. The last good checkpoint is ${checkpointPath(run, last)}: ` +
      `tgan resume ${run.path} ${gentlerRates(config)} continues from it, --from STEP from an earlier one`,
    { cause: error },
  );
}

/** Flags that halve the learning rates in use. The rate of one network overrides the common one. */
function gentlerRates(config: RunConfig): string {
  const { generatorLearningRate, criticLearningRate } = config;
  const common = generatorLearningRate === undefined || criticLearningRate === undefined;
  const rates = [
    ...(common ? [['learning-rate', config.learningRate] as const] : []),
    ['generator-learning-rate', generatorLearningRate] as const,
    ['critic-learning-rate', criticLearningRate] as const,
  ];
  return rates
    .filter(([, rate]) => rate !== undefined)
    .map(([flag, rate]) => `--${flag} ${Number((rate! / 2).toPrecision(3))}`)
    .join(' ');
}
