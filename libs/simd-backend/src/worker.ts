import { runTasks, serve, type WorkerSetup } from './worker-loop.js';

export interface WorkerHandle {
  terminate(): void;
}

export const inNode = typeof process === 'object' && typeof process.versions?.node === 'string';

/**
 * Starts one worker, and resolves when it waits for work. It keeps no process alive.
 *
 * Its script is text. Text starts alike in Node, in a page and under a bundler, and needs no file
 * beside the library.
 */
export function startWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  return inNode ? startNodeWorker(setup) : startWebWorker(setup);
}

async function startNodeWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    (${serve})(workerData, ${runTasks}, () => parentPort.postMessage('ready'));`;
  // Without execArgv: a parent's --import hooks and inspector options do not concern the worker.
  const worker = new Worker(script, { eval: true, workerData: setup, execArgv: [] });
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  worker.removeAllListeners();
  worker.unref();
  return { terminate: () => void worker.terminate() };
}

async function startWebWorker(setup: WorkerSetup): Promise<WorkerHandle> {
  const script = `onmessage = ({ data }) => (${serve})(data, ${runTasks}, () => postMessage('ready'));`;
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    const worker = new Worker(url);
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      // A worker that the page's policy forbids has an error without a message.
      worker.onerror = ({ message }) => reject(new Error(message ?? 'the worker was refused'));
      worker.postMessage(setup);
    });
    return worker;
  } finally {
    URL.revokeObjectURL(url);
  }
}
