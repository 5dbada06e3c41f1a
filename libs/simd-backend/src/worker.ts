import { workerSource } from './worker-source.js';

/** What a worker needs to serve the pool. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The number of this thread: 0 is the one that owns the pool. */
  readonly thread: number;
  readonly threads: number;
  readonly spins: number;
}

export interface WorkerHandle {
  terminate(): void;
}

export const inNode = typeof process === 'object' && typeof process.versions?.node === 'string';

/** Starts one worker, and resolves when it waits for work. It keeps no process alive. */
export function startWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  return inNode ? startNodeWorker(setup) : startWebWorker(setup);
}

async function startNodeWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  const { Worker } = await import('node:worker_threads');
  // No execArgv: a parent's --import hooks or inspector options are none of the worker's business.
  const worker = new Worker(workerSource, { eval: true, workerData: setup, execArgv: [] });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.removeAllListeners();
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

async function startWebWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(setup);
    });
    return worker;
  } finally {
    URL.revokeObjectURL(url);
  }
}
