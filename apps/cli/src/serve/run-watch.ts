import { constants } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { drawCurves, MetricsFile, runPanels, UsageError, type PlotOptions } from '@tgan/runs';

/** The state of a run. */
export interface RunState {
  readonly name: string;
  /** The last step in metrics.jsonl, or 0 before the first. */
  readonly step: number;
  /** The number of steps of the whole run, if config.yaml has it. */
  readonly steps?: number;
  /** The last value of each metric. */
  readonly last: Readonly<Record<string, number>>;
  /** Seconds since metrics.jsonl changed. */
  readonly idle?: number;
  /** The files of moving samples, sorted by step. */
  readonly samples: readonly string[];
}

/** The name of a sheet of samples. No other file of the folder is served. */
const sampleName = /^step-\d+\.(gif|webp)$/;
/** Training writes no samples as large as this, in bytes. */
const LARGEST_SAMPLE = 256 << 20;

/** Reads the folder of a run, which may still be training. Never changes it. */
export class RunWatch {
  readonly #folder: string;
  readonly #name: string;
  readonly #file: MetricsFile;
  #reading: Promise<unknown> = Promise.resolve();

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
    const [steps, samples, modified] = await Promise.all([
      readSteps(this.#folder),
      listSamples(this.#folder),
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    ]);
    return {
      ...{ name: this.#name, step: metrics.lastStep, last: metrics.last, samples },
      ...(steps !== undefined && { steps }),
      ...(modified !== undefined && {
        idle: Math.max(0, Math.round((Date.now() - modified) / 1000)),
      }),
    };
  }

  /** The curves so far, as an SVG document with `beside` panels side by side. */
  async curves(options: PlotOptions, beside: number): Promise<string> {
    await this.#refresh();
    const run = { name: this.#name, metrics: this.#file.metrics };
    return drawCurves('', runPanels([run], options), beside);
  }

  /**
   * The bytes of a sheet of samples.
   *
   * @returns undefined if there is no such file in the run's own folder. Symbolic links are not
   * followed.
   */
  async sample(name: string): Promise<Buffer | undefined> {
    if (!(await listSamples(this.#folder)).includes(name)) return undefined;
    try {
      const [root, folder] = await Promise.all([
        realpath(this.#folder),
        realpath(join(this.#folder, 'samples')),
      ]);
      if (folder !== `${root}${sep}samples`) return undefined;
      const file = await open(
        join(folder, name),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
      try {
        const found = await file.stat();
        return found.isFile() && found.size <= LARGEST_SAMPLE ? await file.readFile() : undefined;
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  }

  /** Reads the new metrics, one reader at a time. A run that has not begun has none. */
  #refresh(): Promise<unknown> {
    this.#reading = this.#reading.then(() => this.#file.read()).catch(() => false);
    return this.#reading;
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

async function readSteps(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'config.yaml'), 'utf8').catch(() => '');
  const steps = Number(/^steps: *(\d+) *$/m.exec(text)?.[1]);
  return Number.isSafeInteger(steps) ? steps : undefined;
}
