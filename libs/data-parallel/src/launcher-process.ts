import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Programs that start the processes of a job on their host. */
const launchers = /^(orterun|orted|prterun|prted|mpiexec|mpirun|hydra_pmi_proxy)/;

/** A process. */
export interface Process {
  readonly pid: number;
  /** The path of its program. */
  readonly program: string;
}

/**
 * The launcher's process on this host: the nearest ancestor that is one. Linux only; undefined
 * elsewhere.
 */
export function launcherProcess(): Process | undefined {
  try {
    for (let pid = process.ppid; pid > 1; pid = parentOf(pid)) {
      const program = readlinkSync(`/proc/${pid}/exe`);
      if (launchers.test(basename(program))) return { pid, program };
    }
  } catch {
    // No /proc, or a process of another user.
  }
  return undefined;
}

/** The field after the program's name in parentheses and the state. */
const parentOf = (pid: number) =>
  Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? 0);
