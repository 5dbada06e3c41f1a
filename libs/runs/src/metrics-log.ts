import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Traffic } from '@tgan/core';
import type { LayerNorms } from '@tgan/svc-constraint';
import type { StepMetrics } from '@tgan/wgan-trainer';
import { ifThere } from './read-file.js';
import { writeFileAtomic } from './write-file.js';

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly step: number;
  /** V = real - fake. */
  readonly value: number;
  /** Mean score of the real clips. */
  readonly real: number;
  /** Mean score of the generated clips. */
  readonly fake: number;
  /** Seconds that the step took. */
  readonly seconds: number;
  /**
   * When several processes train together: the bytes that rank 0 sent for the step, and the seconds
   * that it waited for the others.
   */
  readonly communication?: Traffic;
  /** On steps that clip: the largest singular value of each of the critic's kernels before. */
  readonly singularValues?: Record<string, number>;
  /**
   * On steps that draw samples: the norm of each of the critic's layers as an operator on its whole
   * input.
   */
  readonly operatorNorms?: Record<string, number>;
  /** At the same steps, after all clipping: the largest singular value of each layer's kernel. */
  readonly kernelNorms?: Record<string, number>;
  /** On steps with a checkpoint: the distance of generated from real clips, see `ClipDistance`. */
  readonly distance?: number;
  /** On steps that are evaluated: the Frechet distance (FVD), see `TrainingScores`. */
  readonly frechetDistance?: number;
  /** On the same steps, for Moving MNIST: legibility, identity and straight or bouncing motion. */
  readonly readable?: Readonly<Record<string, number>>;
}

/** A step in metrics.jsonl. */
export function metricsLine(
  { step, value, real, fake, clipping }: StepMetrics,
  seconds: number,
  norms: readonly LayerNorms[] = [],
): MetricsLine {
  const byLayer = <T extends { name: string }>(all: readonly T[], of: (one: T) => number) =>
    Object.fromEntries(all.map((one) => [one.name.split('/')[0], of(one)]));
  return {
    ...{ step, value, real, fake, seconds: Number(seconds.toFixed(4)) },
    ...(clipping && { singularValues: byLayer(clipping.kernels, ({ before }) => before) }),
    ...(norms.length > 0 && {
      operatorNorms: byLayer(norms, ({ operator }) => operator),
      kernelNorms: byLayer(norms, ({ kernel }) => kernel),
    }),
  };
}

/** A run's metrics.jsonl, with one JSON object per line and step. */
export class MetricsLog {
  readonly #file: FileHandle;
  /** All lines. */
  readonly lines: MetricsLine[];

  private constructor(file: FileHandle, lines: MetricsLine[]) {
    this.#file = file;
    this.lines = lines;
  }

  /**
   * Opens metrics.jsonl, or begins it. Lines of steps after `steps` are dropped, because these
   * steps are repeated, and so is an unfinished last line.
   *
   * @param lines - what {@link readMetrics} read, where that is done already.
   * @throws what the file system throws: a file that cannot be read stays as it is.
   */
  static async open(
    path: string,
    steps: number,
    lines?: readonly MetricsLine[],
  ): Promise<MetricsLog> {
    const all = lines ?? (await readMetrics(path));
    const kept = all.filter(({ step }) => step <= steps);
    // A string has room for 512 MB, and a long run's metrics are more.
    await writeFileAtomic(path, Buffer.concat(kept.map((line) => Buffer.from(format(line)))));
    return new MetricsLog(await open(path, 'a'), kept);
  }

  /** Adds a line. */
  async add(line: MetricsLine): Promise<void> {
    this.lines.push(line);
    await this.#file.appendFile(format(line));
  }

  /** Writes all lines to the disk, before a checkpoint says that their steps are done. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const format = (line: MetricsLine) => `${JSON.stringify(line)}\n`;

/**
 * All lines of a metrics.jsonl; none when there is no such file.
 *
 * @throws what the file system throws.
 */
export const readMetrics = async (path: string): Promise<MetricsLine[]> =>
  (await ifThere(readLines(path))) ?? [];

/** The step whose clips were nearest to real ones; undefined when none was measured. */
export function bestOf(lines: readonly MetricsLine[]): MetricsLine | undefined {
  // NaN is null in JSON.
  const measured = lines.some((line) => Number.isFinite(line.frechetDistance));
  const by = measured ? 'frechetDistance' : 'distance';
  let best: MetricsLine | undefined;
  for (const line of lines) {
    if ((line[by] ?? Infinity) < (best?.[by] ?? Infinity)) best = line;
  }
  return best;
}

async function readLines(path: string): Promise<MetricsLine[]> {
  const lines: MetricsLine[] = [];
  const file = createReadStream(path);
  const failed = new Promise<never>((_, fail) => file.once('error', fail));
  failed.catch(() => {}); // also when it fails after the last line
  const read = (async () => {
    for await (const text of createInterface({ input: file, crlfDelay: Infinity })) {
      const line = parseLine(text);
      if (line) lines.push(line);
    }
    return lines;
  })();
  return Promise.race([read, failed]);
}

function parseLine(line: string): MetricsLine | undefined {
  try {
    return JSON.parse(line) as MetricsLine;
  } catch {
    return undefined;
  }
}
