// Starts programs as MPI jobs, for tests. They skip an MPI that is not installed; with
// REQUIRE_MPI=1 they fail instead.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe } from 'vitest';

/** An implementation of MPI. */
export interface Mpi {
  readonly name: 'Open MPI' | 'MPICH';
  /** The command that starts a job, with the flags that a test needs. */
  readonly launcher: readonly string[];
}

/** What a job came to. */
export interface JobResult {
  /** The launcher's exit code, or the signal that ended it. */
  readonly status: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start to the end of the launcher. */
  readonly seconds: number;
}

/** Options of a job. */
export interface JobOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More flags of the launcher. */
  readonly flags?: readonly string[];
  /** Seconds until the job is ended. */
  readonly limit?: number;
}

/** How to find each MPI: Debian names its programs apart, others install one `mpirun`. */
const known = [
  {
    name: 'Open MPI',
    programs: ['mpirun.openmpi', 'mpirun'],
    version: /Open ?(MPI|RTE)/,
    flags: ['--allow-run-as-root', '--oversubscribe'],
  },
  { name: 'MPICH', programs: ['mpirun.mpich', 'mpirun'], version: /HYDRA/, flags: [] },
] as const;

/** Every MPI that is installed. */
export const mpis: readonly Mpi[] = known.flatMap(({ name, programs, version, flags }) => {
  const program = programs.find((one) => version.test(versionOf(one)));
  return program ? [{ name, launcher: [program, ...flags] }] : [];
});

function versionOf(program: string): string {
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '';
}

/** Whether a test has to fail where it cannot run. */
export const requiresMpi = Boolean(process.env['REQUIRE_MPI']);

/** Describes the tests once for each MPI, or for those that are named. */
export function describeMpi(
  tests: (mpi: Mpi) => void,
  names: readonly Mpi['name'][] = ['Open MPI', 'MPICH'],
): void {
  for (const name of names) {
    const mpi = mpis.find((one) => one.name === name);
    // Without its launcher every test of a required MPI fails.
    const missing: Mpi = { name, launcher: [`${name} is not installed`] };
    const describes = mpi || requiresMpi ? describe : describe.skip;
    describes(`under ${name}`, () => tests(mpi ?? missing));
  }
}

/** A job that runs, and what it will have come to. */
export interface Job {
  readonly process: ChildProcess;
  readonly result: Promise<JobResult>;
}

/** Starts a command in some processes. */
export function startJob(
  { launcher }: Mpi,
  ranks: number,
  command: readonly string[],
  { cwd, env, flags = [], limit = 60 }: JobOptions = {},
): Job {
  const [program, ...args] = [...launcher, ...flags, '-n', `${ranks}`, ...command];
  const began = performance.now();
  const child = spawn(program, args, {
    cwd,
    // A busy machine may keep a process from running for a while.
    env: { ...process.env, TGAN_MPI_PATIENCE: '30', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // The launcher ends its processes when it is asked to.
  const asked = setTimeout(() => child.kill('SIGTERM'), 1000 * limit);
  const forced = setTimeout(() => child.kill('SIGKILL'), 1000 * limit + 5000);
  const status = new Promise<JobResult['status']>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve(code ?? signal!)).once('error', reject);
  }).finally(() => [asked, forced].forEach(clearTimeout));
  const seconds = status.then(() => (performance.now() - began) / 1000);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const result = Promise.all([status, seconds, output]).then(
    ([status, seconds, [stdout, stderr]]) => ({ status, seconds, stdout, stderr }),
  );
  return { process: child, result };
}

/** Runs a command in some processes to the end. */
export const runJob = (...job: Parameters<typeof startJob>): Promise<JobResult> =>
  startJob(...job).result;
