import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Communicator } from '@tgan/core';
import type { Assignment } from './program.js';

/** What a thread does: the default export of a module. */
export type ThreadProgram<Given = never, Result = unknown> = (
  communicator: Communicator,
  given: Given,
) => Result | Promise<Result>;

/**
 * Runs a program in several threads that communicate, as the processes of data-parallel training
 * do.
 *
 * @param program - the file of a module in TypeScript whose default export is a
 * {@link ThreadProgram}.
 * @param given - what every thread gets a copy of.
 * @returns what they returned, in the order of the ranks.
 * @throws what the first thread that fails throws. The others end.
 */
export async function inThreads<Result>(
  size: number,
  program: URL,
  given?: unknown,
): Promise<Result[]> {
  const ports = wire(size);
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const workers = ports.map((own, rank) => {
    const workerData: Assignment = { rank, ports: own, signal, program: program.href, given };
    const transferList = own.filter((port) => port !== null);
    return new Worker(boot, { eval: true, workerData, transferList, execArgv: [] });
  });
  try {
    return await Promise.all(workers.map(resultOf<Result>));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** A channel between each two of so many threads: the ports of each, by the other's number. */
function wire(size: number): (MessagePort | null)[][] {
  const ports = Array.from({ length: size }, () => new Array<MessagePort | null>(size).fill(null));
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a][b] = port1;
      ports[b][a] = port2;
    }
  }
  return ports;
}

const resultOf = <Result>(worker: Worker) =>
  new Promise<Result>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a thread ended with code ${code}`)));
  });

/** Node reads no TypeScript, so vite loads the program, and the sources of the packages. */
const boot = `
  import('vite').then(({ runnerImport }) =>
    runnerImport(${JSON.stringify(fileURLToPath(new URL('./program.ts', import.meta.url)))}, {
      configFile: false,
      logLevel: 'error',
      environments: { inline: { resolve: {
        conditions: ['@tgan/source', 'node', 'import', 'default'],
        noExternal: [/^@tgan\\//],
      } } },
    }),
  );
`;
