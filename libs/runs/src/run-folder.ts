import { constants } from 'node:fs';
import { access, mkdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileReason, lockFile, type FileLock } from '@tgan/core/node';
import type { ClipSource } from '@tgan/datasets';
import { readConfig, type ConfigInAxes, type RunConfig } from './config/config.js';
import { migrateData } from './config/old-config.js';
import { UsageError } from './errors.js';
import { isThere, readIfThere } from './read-file.js';
import { storing } from './storage.js';
import { makeFolder, writeFileAtomic } from './write-file.js';

/** Where the parts of a run lie in its folder. */
const parts = {
  config: 'config.yaml',
  data: 'data.json',
  labels: 'labels.json',
  metrics: 'metrics.jsonl',
  checkpoints: 'checkpoints',
  curves: 'curves.svg',
  samples: 'samples',
  tensorboard: 'tensorboard',
  models: 'models',
  lock: '.lock',
} as const;

/** The folder of a training run: its configuration, metrics, samples and weights. */
export class RunFolder {
  readonly path: string;
  #lock: FileLock | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /** The path of a part of the run, such as its metrics. */
  part(name: keyof typeof parts, ...rest: string[]): string {
    return join(this.path, parts[name], ...rest);
  }

  /**
   * Makes a folder for a new run. It counts as a run once it has a configuration, see
   * {@link keepConfig}.
   *
   * @param path - the folder; it may exist if it does not hold a run.
   * @param does - what this process does to the run, such as `trains`. The run is locked then, see
   * {@link lock}.
   * @throws UsageError when it holds a run already or cannot be written; LockedError when another
   * process makes a run there.
   */
  static async create(path: string, does?: string): Promise<RunFolder> {
    const run = new RunFolder(path);
    try {
      await makeFolder(run.part('samples'));
      await makeFolder(run.part('checkpoints'));
      await access(path, constants.W_OK);
    } catch (error) {
      throw new UsageError(`cannot write to the run folder ${path}: ${fileReason(error)}`, {
        cause: error,
      });
    }
    if (does !== undefined) await run.lock(does);
    if (await isThere(run.part('config'))) {
      await run.unlock();
      throw new UsageError(
        `${path} already holds a run; choose another folder with --out, or delete it`,
      );
    }
    return run;
  }

  /**
   * Makes the first of `runs/NAME`, `runs/NAME-2`, `runs/NAME-3`, ... that does not exist. No other
   * process gets the same one.
   *
   * @throws UsageError when it cannot be made.
   */
  static async firstFree(name: string): Promise<string> {
    for (let n = 1; ; n++) {
      const path = join('runs', n === 1 ? name : `${name}-${n}`);
      try {
        await makeFolder('runs');
        await mkdir(path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw new UsageError(`cannot write to the run folder ${path}: ${fileReason(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** Removes a folder that {@link firstFree} made, unless there is a file in it. */
  static async removeEmpty(path: string): Promise<void> {
    for (const part of [parts.samples, parts.checkpoints, '']) {
      await rmdir(join(path, part)).catch(() => {}); // it is not empty, say
    }
  }

  /**
   * Keeps other processes from writing to the run until {@link unlock} or the end of this process.
   *
   * @param does - what this process does to it, for the message of the others.
   * @throws LockedError that names the process which has it; StorageError.
   */
  async lock(does: string): Promise<void> {
    this.#lock = await storing(this, () => lockFile(this.part('lock'), `${does} ${this.path}`));
  }

  /** Releases the lock, if there is one. */
  async unlock(): Promise<void> {
    await this.#lock?.release();
    this.#lock = undefined;
  }

  /**
   * Opens the folder of a run.
   *
   * @throws UsageError when there is none; OptionsError when its configuration is damaged.
   */
  static async open(path: string): Promise<{ readonly run: RunFolder } & ConfigInAxes> {
    const run = new RunFolder(path);
    let text: string;
    try {
      text = await readFile(run.part('config'), 'utf8');
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['ENOENT', 'ENOTDIR'].includes(code)) {
        return storing(run, () => Promise.reject(error), 'read');
      }
      throw new UsageError(`${path} holds no run: there is no ${run.part('config')}`);
    }
    const { parse } = await import('yaml');
    let values: unknown;
    try {
      values = parse(text);
    } catch (error) {
      const [line] = (error as Error).message.split('\n');
      throw new UsageError(`${run.part('config')} is not YAML: ${line.replace(/:$/, '')}`);
    }
    return { run, ...(await readConfig(values, run.part('config'))) };
  }

  /** Writes the configuration, or replaces it. */
  async keepConfig(config: RunConfig): Promise<void> {
    const { stringify } = await import('yaml');
    await writeFileAtomic(this.part('config'), Buffer.from(stringify(config)));
  }

  /**
   * Records the training data: the set, its split and part, the checksum of a packed file.
   *
   * @throws UsageError when a resumed run would use other data than it began with.
   */
  async keepData({ provenance }: ClipSource): Promise<void> {
    const path = this.part('data');
    const record = `${JSON.stringify(provenance ?? {}, undefined, 2)}\n`;
    const before = (await readIfThere(path)) ?? record;
    if (!isDeepStrictEqual(dataOf(before), dataOf(record))) {
      throw new UsageError(
        `the data are not those that the run began with, see ${path}; begin another run with --out, or delete that file to continue anyway`,
      );
    }
    await writeFileAtomic(path, Buffer.from(record));
  }
}

/** What a record of data says; its text where it is damaged. */
function dataOf(record: string): unknown {
  try {
    return migrateData(JSON.parse(record));
  } catch {
    return record;
  }
}
