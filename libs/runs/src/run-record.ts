import { Random, type Communicator, type Traffic } from '@tgan/core';
import { operatorNorms } from '@tgan/svc-constraint';
import type { VideoModel } from '@tgan/video-gan';
import { TrainingError, type StepMetrics, type WganTrainer } from '@tgan/wgan-trainer';
import type * as tf from '@tensorflow/tfjs';
import type { ClipDistance } from './clip-distance.js';
import type { CheckpointFacts } from './checkpoint-file.js';
import { removeLaterCheckpoints, writeCheckpoint } from './checkpoints.js';
import type { RunConfig } from './config/config.js';
import type { TrainingScores } from './evaluate/training-scores.js';
import { EventLog } from './event-log.js';
import { bestOf, MetricsLog, metricsLine, readMetrics, type MetricsLine } from './metrics-log.js';
import { removeLaterNetworks, saveNetworks } from './networks.js';
import { writeSamples } from './pictures.js';
import { drawMetrics } from './plot/plot-runs.js';
import type { RunFolder } from './run-folder.js';
import { storing } from './storage.js';
import { versions } from './versions.js';
import { removeLeftovers, writeFileAtomic } from './write-file.js';

/** What a record is of. */
export interface Recorded {
  readonly run: RunFolder;
  readonly config: RunConfig;
  readonly model: VideoModel;
  readonly trainer: WganTrainer<tf.Tensor5D>;
  /** The backend that computes. */
  readonly backend: string;
  /** What measures how good the generator is. */
  readonly distance: ClipDistance;
  /** What scores the generator now and then; undefined where nothing does. */
  readonly scores?: TrainingScores;
  /** Seed of the latents of the sample sheets. */
  readonly sampleSeed: number;
  /** The processes that train the run together. */
  readonly communicator?: Communicator;
}

/**
 * The record of a run during training: metrics, event files, samples, curves, checkpoints, and at
 * the end the weights. Every method throws StorageError when the folder cannot be written.
 */
export class RunRecord {
  readonly #of: Recorded;
  readonly #metrics: MetricsLog;
  readonly #events: EventLog | undefined;
  readonly #z0: tf.Tensor2D;
  /** The step of the last checkpoint. */
  #saved: number;
  /** What was communicated up to the last step. */
  #traffic: Traffic | undefined;
  /** The last sheet of samples that moves; undefined before the first. */
  samples: string | undefined;

  private constructor(of: Recorded, metrics: MetricsLog, events: EventLog | undefined) {
    const { trainer, model, config, sampleSeed } = of;
    this.#of = of;
    this.#metrics = metrics;
    this.#events = events;
    this.#z0 = model.latents(config.sampleCount, new Random(sampleSeed));
    this.#saved = trainer.stepsDone;
    this.#traffic = of.communicator?.traffic;
  }

  /**
   * Begins the record of a run, or continues it at the trainer's step. A new run gets a checkpoint
   * first and its configuration after it, so that every run with a configuration can be resumed.
   */
  static begin(of: Recorded): Promise<RunRecord> {
    const { run, config, trainer } = of;
    return storing(run, async () => {
      await removeLeftovers(run.path);
      // A file that cannot be read stops this before anything is removed.
      const lines = await readMetrics(run.part('metrics'));
      await removeLaterCheckpoints(run, trainer.stepsDone);
      await removeLaterNetworks(run, trainer.stepsDone);
      const metrics = await MetricsLog.open(run.part('metrics'), trainer.stepsDone, lines);
      const events = config.tensorboard ? await EventLog.open(run, trainer.stepsDone) : undefined;
      const record = new RunRecord(of, metrics, events);
      if (trainer.stepsDone === 0) await record.#checkpoint(0);
      await run.keepConfig(config);
      return record;
    });
  }

  /** The metrics of the last step; undefined before the first. */
  get last(): MetricsLine | undefined {
    return this.#metrics.lines.at(-1);
  }

  /**
   * The step whose clips were nearest to real ones, which has a checkpoint; undefined before one is
   * measured.
   */
  get best(): number | undefined {
    return bestOf(this.#metrics.lines)?.step;
  }

  /**
   * Writes down a step.
   *
   * @param seconds - that it took.
   * @param position - batches of real clips used so far.
   * @returns what metrics.jsonl keeps of it.
   * @throws TrainingError, instead of writing a checkpoint, when a weight is no longer a number.
   */
  async add(result: StepMetrics, seconds: number, position: number): Promise<MetricsLine> {
    const { run, config, model, trainer, distance, scores } = this.#of;
    return storing(run, async () => {
      const { step } = result;
      const last = step === config.steps;
      const scored = scores && (step % config.evaluateEvery === 0 || last) ? scores : undefined;
      const saves = step % config.checkpointEvery === 0 || scored !== undefined;
      const shows = step % config.sampleEvery === 0 || last;
      const norms = shows ? await operatorNorms(model.critic, { tolerance: 1e-2 }) : [];
      const measure = () => trainer.averaged(() => distance.measure(model));
      const line: MetricsLine = {
        ...metricsLine(result, seconds, norms),
        ...this.#communicated(),
        ...((saves || last) && { distance: await measure() }),
        ...(scored && (await trainer.averaged(() => scored.measure(model)))),
      };
      await this.#metrics.add(line);
      await this.#events?.step(trainer, result, line);
      if (shows) await this.#show(step);
      if (saves) await this.#checkpoint(position);
      return line;
    });
  }

  /** Makes sure that the last step is in a checkpoint, saves the networks and closes the files. */
  async end(position: number): Promise<void> {
    const { run, model, trainer } = this.#of;
    await storing(run, async () => {
      if (this.#saved !== trainer.stepsDone) await this.#checkpoint(position);
      await trainer.averaged(() => saveNetworks(run, model, trainer.stepsDone));
      await this.#close();
    });
  }

  /** Closes the files of a run that failed. Errors are ignored here: the disk may be full. */
  async abandon(): Promise<void> {
    await this.#close().catch(() => {});
  }

  async #close(): Promise<void> {
    this.#z0.dispose();
    this.#of.distance.dispose();
    await this.#metrics.close();
    await this.#events?.close();
  }

  /** What the step communicated. */
  #communicated(): Pick<MetricsLine, 'communication'> {
    const [before, now] = [this.#traffic, this.#of.communicator?.traffic];
    this.#traffic = now;
    if (!before || !now) return {};
    const seconds = Number((now.seconds - before.seconds).toFixed(4));
    return { communication: { bytes: Math.round(now.bytes - before.bytes), seconds } };
  }

  async #show(step: number): Promise<void> {
    const { run, config, model, trainer } = this.#of;
    const sheet = await trainer.averaged(() => writeSamples(run, config, model, this.#z0, step));
    this.samples = sheet;
    await this.#events?.samples(step, sheet);
    const curves = drawMetrics(run.path, this.#metrics.lines);
    await writeFileAtomic(run.part('curves'), Buffer.from(curves));
  }

  async #checkpoint(position: number): Promise<void> {
    const { run, config, trainer, backend } = this.#of;
    const facts: CheckpointFacts = {
      config,
      backend,
      versions: versions(),
      position,
    };
    const state = await trainer.state();
    for (const [name, { data }] of state.arrays) {
      if (data.every(Number.isFinite)) continue;
      throw new TrainingError(`step ${trainer.stepsDone}: ${name} holds NaN or infinity`);
    }
    await this.#metrics.sync();
    const keep = { last: config.keepCheckpoints, best: this.best };
    await writeCheckpoint(run, { ...facts, state }, keep);
    this.#saved = trainer.stepsDone;
  }
}
