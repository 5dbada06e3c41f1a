import type { Communicator } from '@tgan/core';
import { resume, train, type TrainingResult } from '../train.js';
import type { MetricsLine } from '../metrics-log.js';

/** Sessions of a run that processes train together, one after the other. */
export interface Sessions {
  readonly folder: string;
  /** The configuration that each process has; that of rank 0 counts. */
  readonly configs: readonly Readonly<Record<string, unknown>>[];
  /** The last steps of further sessions. */
  readonly resumedTo?: readonly number[];
  /** The process that a signal stops, and after which step rank 0 sees it. */
  readonly stopped?: number;
}

/** What a process has to say of its sessions. */
export interface Told {
  readonly results?: TrainingResult[];
  /** What its hooks heard. */
  readonly lines: MetricsLine[];
  readonly error?: string;
}

/** Trains a run, with others or alone. */
export default async function runPart(
  communicator: Communicator | undefined,
  { folder, configs, resumedTo = [], stopped }: Sessions,
): Promise<Told> {
  const rank = communicator?.rank ?? 0;
  const lines: MetricsLine[] = [];
  const signal = stopped === rank ? AbortSignal.abort() : undefined;
  const hooks = { communicator, signal, onStep: (line: MetricsLine) => void lines.push(line) };
  try {
    const results = [await train(configs[rank], { folder, ...hooks })];
    for (const steps of resumedTo) {
      // Only rank 0 reads the folder and the changes.
      const [place, changes] = rank === 0 ? [folder, { steps }] : ['', {}];
      results.push(await resume(place, { changes, ...hooks }));
    }
    return { results, lines };
  } catch (error) {
    return { lines, error: `${(error as Error).name}: ${(error as Error).message}` };
  }
}
