// What each thread of inThreads runs: it joins the others and calls the program.
import { parentPort, workerData } from 'node:worker_threads';
import { ThreadCommunicator, type Wires } from './communicator.js';
import type { ThreadProgram } from './in-threads.js';

/** What a thread gets when it begins. */
export interface Assignment extends Wires {
  /** The address of a module whose default export is a {@link ThreadProgram}. */
  readonly program: string;
  readonly given: unknown;
}

const { program, given, ...wires } = workerData as Assignment;
const module: unknown = await import(/* @vite-ignore */ program);
const { default: run } = module as { default: ThreadProgram<unknown> };
// Awaited here, because vite loads modules only until this one is loaded.
parentPort!.postMessage(await run(new ThreadCommunicator(wires), given));
