import { constants } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { MetricsFile, RunFolder, UsageError, type NamedRun } from '@tgan/runs';
import { warmUp } from '@tgan/wgan-trainer';
import { scoresOf, type ShownScore } from './scores.js';

/** The state of a run. */
export interface RunState {
  readonly name: string;
  /** The last step in metrics.jsonl, or 0 before the first. */
  readonly step: number;
  /** The number of steps of the whole run, if config.yaml has it. */
  readonly steps?: number;
  /** The last value of each metric. */
  readonly last: Readonly<Record<string, number>>;
  /** The learning rates of the last step, if config.yaml can be read. */
  readonly rates?: LearningRates;
  /** The scores in `evaluation/report.json`, if `tgan evaluate` wrote one there. */
  readonly scores?: readonly ShownScore[];
  /** Seconds since metrics.jsonl changed. */
  readonly idle?: number;
  /** The files of moving samples, sorted by step. */
  readonly samples: readonly string[];
}

/** The learning rate of each side. */
export interface LearningRates {
  readonly generator: number;
  readonly critic: number;
}

type RatesByStep = (step: number) => LearningRates;

/** The name of a sheet of samples. No other file of the folder is served. */
const sampleName = /^step-\d+\.(gif|webp)$/;
/** Training and evaluations write no files as large as these, in bytes. */
const LARGEST_SAMPLE = 256 << 20;
const LARGEST_REPORT = 1 << 20;

/** Reads the folder of a run, which may still be training. Never changes it. */
export class RunWatch {
  readonly #folder: string;
  readonly #name: string;
  readonly #file: MetricsFile;
  #reading: Promise<unknown> = Promise.resolve();
  /** The last text of config.yaml, and the learning rates that it means. */
  #schedule: { readonly text: string; readonly rates: RatesByStep | undefined } | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#name = basename(resolve(folder));
    this.#file = new MetricsFile(join(folder, 'metrics.jsonl'));
  }

  /** @throws UsageError when the folder holds no run. */
  static async open(folder: string): Promise<RunWatch> {
    const config = join(folder, 'config.yaml');
    try {
      await stat(config);
    } catch {
      throw new UsageError(`${folder} holds no run: there is no ${config}`);
    }
    return new RunWatch(folder);
  }

  /** The current state. */
  async state(): Promise<RunState> {
    await this.#refresh();
    const { metrics, path } = this.#file;
    const [text, samples, report, modified] = await Promise.all([
      readFile(join(this.#folder, 'config.yaml'), 'utf8').catch(() => ''),
      listSamples(this.#folder),
      readOwn(this.#folder, 'evaluation', 'report.json', LARGEST_REPORT),
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    ]);
    const steps = stepsOf(text);
    const scores = report && scoresOf(report.toString());
    const rates = (await this.#ratesOf(text))?.(Math.max(1, metrics.lastStep));
    return {
      ...{ name: this.#name, step: metrics.lastStep, last: metrics.last, samples },
      ...(steps !== undefined && { steps }),
      ...(rates && { rates }),
      ...(scores && { scores }),
      ...(modified !== undefined && {
        idle: Math.max(0, Math.round((Date.now() - modified) / 1000)),
      }),
    };
  }

  /** Its name and its metrics so far. */
  async named(): Promise<NamedRun> {
    await this.#refresh();
    return { name: this.#name, metrics: this.#file.metrics };
  }

  /**
   * The bytes of a sheet of samples.
   *
   * @returns undefined if there is no such file in the run's own folder. Symbolic links are not
   * followed.
   */
  async sample(name: string): Promise<Buffer | undefined> {
    if (!(await listSamples(this.#folder)).includes(name)) return undefined;
    return readOwn(this.#folder, 'samples', name, LARGEST_SAMPLE);
  }

  /** The learning rates by step; undefined where the configuration is missing or damaged. */
  async #ratesOf(text: string): Promise<RatesByStep | undefined> {
    if (this.#schedule?.text !== text) {
      this.#schedule = { text, rates: await readRates(this.#folder).catch(() => undefined) };
    }
    return this.#schedule.rates;
  }

  /** Reads the new metrics, one reader at a time. A run that has not begun has none. */
  #refresh(): Promise<unknown> {
    this.#reading = this.#reading.then(() => this.#file.read()).catch(() => false);
    return this.#reading;
  }
}

/** A file of the run's own; undefined if there is none, it is too large, or a link leads to it. */
async function readOwn(
  run: string,
  part: string,
  name: string,
  largest: number,
): Promise<Buffer | undefined> {
  try {
    const [root, folder] = await Promise.all([realpath(run), realpath(join(run, part))]);
    if (folder !== `${root}${sep}${part}`) return undefined;
    const file = await open(
      join(folder, name),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= largest ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function listSamples(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'samples'), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const stepOf = (name: string) => Number(/\d+/.exec(name)![0]);
  return names
    .filter((name) => sampleName.test(name))
    .sort((a, b) => stepOf(a) - stepOf(b) || (a < b ? -1 : 1));
}

function stepsOf(config: string): number | undefined {
  const steps = Number(/^steps: *(\d+) *$/m.exec(config)?.[1]);
  return Number.isSafeInteger(steps) ? steps : undefined;
}

async function readRates(folder: string): Promise<RatesByStep> {
  const { config, axes } = await RunFolder.open(folder);
  const { steps, warmUpSteps, learningRate } = config;
  const schedule = warmUp(warmUpSteps, await axes.create('schedule', config, { steps }));
  const { generatorLearningRate = learningRate, criticLearningRate = learningRate } = config;
  return (step) => ({
    generator: schedule(step) * generatorLearningRate,
    critic: schedule(step) * criticLearningRate,
  });
}
