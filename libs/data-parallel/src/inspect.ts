import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer } from './inspect-program.js';
import { packages } from './library.js';

/** What {@link inspectMpi} found. */
export interface MpiReport {
  /** The libraries that can be used, such as `Open MPI v4.1.4`. */
  readonly found: readonly string[];
  /** Why there are none. */
  readonly problem?: string;
  /** How to get one. */
  readonly remedy: string;
}

const remedy =
  `apt install ${packages['Open MPI']} or apt install ${packages.MPICH}, brew install open-mpi; ` +
  'on a cluster: module load';

/**
 * Looks for MPI on this machine, without joining a job.
 *
 * The libraries are loaded in a process of its own. They install signal handlers and hooks into the
 * allocator, and one that crashes or hangs is to be reported, not to take this process with it.
 *
 * @param patience - seconds after which a library that does not answer counts as broken.
 */
export async function inspectMpi(patience = 10): Promise<MpiReport> {
  const program = fileURLToPath(new URL('../dist/inspect-program.js', import.meta.url));
  const options = { timeout: 1000 * patience, killSignal: 'SIGKILL' } as const;
  const printed = await new Promise<string>((resolve) =>
    execFile(process.execPath, [program], options, (_, stdout) => resolve(stdout)),
  );
  const answer = printed ? (JSON.parse(printed) as Answer) : undefined;
  if (!answer) {
    const problem = `its library crashed, or did not answer for ${patience} seconds`;
    return { found: [], problem, remedy };
  }
  if ('problem' in answer) return { found: [], problem: answer.problem, remedy };
  const { found } = answer;
  return found.length > 0
    ? { found, remedy }
    : { found, problem: 'there is no library of MPI', remedy };
}
