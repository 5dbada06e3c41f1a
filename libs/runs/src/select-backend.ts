import { backends, type Backend } from './backends.js';

/** The active backend, and why it was chosen. */
export interface SelectedBackend {
  readonly name: string;
  /** The package, version and device that run it. */
  readonly runsOn: string;
  /** Why it was chosen, in one line. */
  readonly reason: string;
}

/** What {@link inspectBackends} found about one backend. */
export interface BackendReport {
  readonly name: string;
  readonly summary: string;
  /** The package, version and device that run it; undefined if it cannot run here. */
  readonly runsOn?: string;
  /** Why it cannot run here. */
  readonly problem?: string;
  /** How to install it. */
  readonly remedy: string;
}

/** The requested backend is unknown or cannot run here. The message lists the backends. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
}

/** The names that {@link selectBackend} takes. */
export const backendNames: readonly string[] = ['auto', ...backends.map(({ name }) => name)];

/**
 * Starts a backend and makes it the one that all tensors use from now on.
 *
 * @param name - one of {@link backendNames}; `auto` takes the first that starts.
 * @param threads - how many threads `simd` computes on: one for each core by default. Only the
 * first start in a process decides.
 * @param candidates - for tests: the backends to choose from, fastest first.
 * @throws BackendError when the name is unknown or the backend cannot run here.
 */
export async function selectBackend(
  name = 'auto',
  threads?: number,
  candidates: readonly Backend[] = backends,
): Promise<SelectedBackend> {
  const wanted = candidates.filter((backend) => name === 'auto' || backend.name === name);
  if (wanted.length === 0) {
    const names = ['auto', ...candidates.map((backend) => backend.name)].join(', ');
    throw new BackendError(`there is no backend "${name}"; choose from: ${names}`);
  }
  const failures: string[] = [];
  for (const backend of wanted) {
    try {
      const runsOn = await backend.start(threads);
      return { name: backend.name, runsOn, reason: reasonFor(name, failures) };
    } catch (error) {
      failures.push(`${backend.name} (${(error as Error).message})`);
      if (name !== 'auto') {
        throw new BackendError(
          `the backend ${name} cannot run here: ${(error as Error).message}. To get it: ${backend.remedy}`,
          { cause: error },
        );
      }
    }
  }
  throw new BackendError(`no backend runs here: ${failures.join(', ')}`);
}

/** Tries every backend, fastest first. The last that starts stays active. */
export async function inspectBackends(
  candidates: readonly Backend[] = backends,
): Promise<BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const { name, summary, remedy, start } of candidates) {
    try {
      reports.push({ name, summary, remedy, runsOn: await start() });
    } catch (error) {
      reports.push({ name, summary, remedy, problem: (error as Error).message });
    }
  }
  return reports;
}

function reasonFor(name: string, failures: readonly string[]): string {
  if (name !== 'auto') return 'it was asked for';
  if (failures.length === 0) return 'it is the fastest';
  return `nothing faster runs here: ${failures.join(', ')}`;
}
