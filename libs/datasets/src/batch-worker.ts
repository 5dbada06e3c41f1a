import { Worker } from 'node:worker_threads';
import type { Answer, Assignment } from './batch-worker-program.js';
import type { BatchOrder, ClipBatch } from './batches.js';
import type { ClipSource, SourceRecipe } from './clip-source.js';
import { DatasetError } from './error.js';
import { rethrown } from './thrown.js';

/** Makes batches on another thread, which does not keep the process alive by itself. */
export class BatchWorker {
  readonly #thread: Worker;
  readonly #asked = new Map<number, (answer: Promise<ClipBatch>) => void>();
  #broken: Promise<never> | undefined;

  /** @throws DatasetError when no other thread can open the source. */
  static check({ recipe }: ClipSource): SourceRecipe {
    if (recipe) return recipe;
    throw new DatasetError(
      'ClipLoader: these clips cannot be read in a worker: only packed files and Moving MNIST of its own digits can; leave `worker` out',
    );
  }

  constructor(source: ClipSource, { batchSize, seed, shuffle, part }: BatchOrder) {
    const assignment: Assignment = {
      recipe: BatchWorker.check(source),
      order: { batchSize, seed, shuffle, part },
      provenance: JSON.stringify(source.provenance),
    };
    this.#thread = start(assignment);
    this.#thread.on('message', (answer: Answer) => {
      const failed = 'failure' in answer;
      this.#settle(
        answer.used,
        failed ? Promise.reject(rethrown(answer.failure)) : Promise.resolve(answer.batch),
      );
    });
    this.#thread.on('error', (error) => this.#break(error));
    this.#thread.on('exit', () =>
      this.#break(new DatasetError('ClipLoader: its worker has ended')),
    );
    this.#thread.unref();
  }

  /**
   * The batch that comes after so many others. Batches are made in the order in which they are
   * asked for.
   */
  at(used: number): Promise<ClipBatch> {
    if (this.#broken) return this.#broken;
    return new Promise((resolve) => {
      this.#asked.set(used, resolve);
      this.#thread.postMessage(used);
    });
  }

  /** Waits for a batch. The process stays alive until it comes. */
  async awaited(batch: Promise<ClipBatch>): Promise<ClipBatch> {
    this.#thread.ref();
    try {
      return await batch;
    } finally {
      this.#thread.unref();
    }
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#thread.terminate();
  }

  #settle(used: number, answer: Promise<ClipBatch>): void {
    this.#asked.get(used)?.(answer);
    this.#asked.delete(used);
  }

  #break(error: Error): void {
    this.#broken ??= Promise.reject(error);
    this.#broken.catch(() => {});
    for (const used of [...this.#asked.keys()]) this.#settle(used, this.#broken);
  }
}

/** Starts the thread's program, which lies beside this file. */
function start(workerData: Assignment): Worker {
  // No flags of this process: some of them, such as those of `node -e`, would keep the thread from
  // starting.
  const options = { workerData, execArgv: [] };
  const { url } = import.meta;
  if (!url.endsWith('.ts')) return new Worker(new URL('./batch-worker-program.js', url), options);
  // Only in the sources, where tests run: Node reads no TypeScript, so vite loads the program.
  const program = JSON.stringify(new URL('./batch-worker-program.ts', url).pathname);
  return new Worker(
    `import('vite').then(({ runnerImport }) => runnerImport(${program}, ${sourceConfig}))`,
    { ...options, eval: true },
  );
}

/** Makes vite load the sources of this package and of those beside it, built or not. */
export const sourceConfig = `{
  configFile: false,
  environments: { inline: { resolve: {
    conditions: ['@tgan/source', 'node', 'import', 'default'],
    noExternal: [/^@tgan\\//],
  } } },
}`;
