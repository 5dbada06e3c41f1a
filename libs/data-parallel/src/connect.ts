import { Worker } from 'node:worker_threads';
import { MpiError } from './errors.js';
import { findLauncher } from './launcher.js';
import type { MpiCommunicator } from './mpi-communicator.js';
import { shared } from './mpi.js';
import type { Assignment, Greeting } from './tasks.js';
import { ThreadCommunicator } from './thread-communicator.js';

/** Options of {@link connect}. */
export interface ConnectOptions {
  /**
   * Seconds of silence after which a rank is lost. Default: `TGAN_MPI_PATIENCE`, or 6. Hosts so
   * busy that a process may not run for seconds need more.
   */
  readonly patience?: number;
}

/**
 * Joins the MPI job that this process is part of.
 *
 * @returns undefined in a process that no launcher of MPI started. Nothing is loaded then.
 * @throws MpiError when koffi or the launcher's MPI is missing, or the patience is not 2 s or more.
 */
export async function connect({
  patience = Number(process.env['TGAN_MPI_PATIENCE'] || 6),
}: ConnectOptions = {}): Promise<MpiCommunicator | undefined> {
  const launcher = findLauncher();
  if (!launcher) return undefined;
  if (!(patience >= 2)) throw new MpiError('TGAN_MPI_PATIENCE: expected 2 or more seconds');
  // UCX would try out its hooks by moving the end of the heap up and down, which takes memory from
  // this thread if it allocates some meanwhile. Only the main thread can set what C reads.
  process.env['UCX_MEM_EVENTS'] ??= 'n';
  const cells = new Int32Array(shared(8), 0, 2);
  const workerData: Assignment = { cells, launcher, patience };
  // No flags of this process: some, as those of `node -e`, would keep the thread from starting.
  const options = { workerData, execArgv: [] };
  const thread = new Worker(new URL('./mpi-thread.js', import.meta.url), options);
  const greeting = await new Promise<Greeting>((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
  });
  if ('problem' in greeting) throw new MpiError(greeting.problem);
  thread.unref();
  return new ThreadCommunicator({ thread, cells, ...greeting });
}
