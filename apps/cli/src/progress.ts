import * as tf from '@tensorflow/tfjs';
import type { MetricsLine, TrainingStart } from '@tgan/runs';
import { SingleBar } from 'cli-progress';
import { stopSignal } from './signals.js';
import { LiveLines } from './live-lines.js';

/** The run that a {@link Progress} shows. */
export interface ProgressOptions extends Pick<
  TrainingStart,
  'steps' | 'stepsDone' | 'clipsPerStep'
> {
  /** Whether to show nothing. */
  readonly quiet?: boolean;
}

/** Milliseconds from one drawing to the next, on a terminal and elsewhere. */
const pause = { terminal: 100, elsewhere: 20_000 };

/**
 * The progress of a run on standard error. A terminal shows a few lines that change. Elsewhere a
 * line is printed from time to time.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #lines: LiveLines | undefined;
  #seconds: number | undefined;
  #last = performance.now();
  #drawn = -Infinity;
  #pending: MetricsLine | undefined;
  #singularValues: MetricsLine['singularValues'];

  constructor(options: ProgressOptions) {
    this.#options = options;
    if (process.stderr.isTTY) this.#lines = new LiveLines(process.stderr);
  }

  /** Records a step. */
  update(line: MetricsLine): void {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    // The first step also compiles kernels and fills caches, so the mean begins at the second.
    const mean = line.step === this.#options.stepsDone + 2 ? undefined : this.#seconds;
    this.#seconds = mean === undefined ? seconds : 0.95 * mean + 0.05 * seconds;
    this.#singularValues = line.singularValues ?? this.#singularValues;
    this.#pending = line;
    if (now - this.#drawn >= (this.#lines ? pause.terminal : pause.elsewhere)) this.#draw();
  }

  /** Makes room for a message between two drawings. */
  clear(): void {
    this.#lines?.clear();
  }

  /** Shows the last step and keeps it on the terminal. */
  stop(): void {
    if (this.#pending) this.#draw();
    this.#lines?.leave();
  }

  #draw(): void {
    const { steps, clipsPerStep: clips, quiet } = this.#options;
    const line = this.#pending!;
    this.#pending = undefined;
    this.#drawn = performance.now();
    if (quiet) return;
    const { numTensors, numBytes } = tf.memory();
    const lines = progressLines({
      ...{ steps, clips, line, numTensors, numBytes },
      seconds: this.#seconds!,
      singularValues: this.#singularValues,
      resident: process.memoryUsage.rss(),
    });
    if (this.#lines) this.#lines.draw(lines);
    else process.stderr.write(`${lines.slice(1, 3).concat(lines.slice(-1)).join(', ')}\n`);
  }
}

/** What {@link progressLines} shows. */
export interface Shown {
  readonly steps: number;
  readonly clips: number;
  readonly line: MetricsLine;
  /** Seconds per step. */
  readonly seconds: number;
  readonly singularValues?: Record<string, number>;
  readonly numTensors: number;
  /** Bytes of all tensors. */
  readonly numBytes: number;
  /** Bytes of the process. */
  readonly resident: number;
}

/** The lines on a terminal. */
export function progressLines(shown: Shown): string[] {
  const { steps, clips, line, seconds, singularValues = {} } = shown;
  const { step, value, real, fake } = line;
  const speed = `${three(1 / seconds)} steps/s, ${three(clips / seconds)} videos/s`;
  const kernels = Object.entries(singularValues).map(([name, s]) => `${name} ${s.toFixed(3)}`);
  return [
    bar(step / steps, 50),
    `step ${number(step)} of ${number(steps)}, ${speed}, ${duration((steps - step) * seconds)} left`,
    `V ${value.toFixed(4)} (real ${real.toFixed(3)}, fake ${fake.toFixed(3)})`,
    ...(kernels.length > 0 ? [`largest singular values: ${kernels.join(', ')}`] : []),
    `${number(shown.numTensors)} tensors of ${bytes(shown.numBytes)}, ${bytes(shown.resident)} in memory`,
  ];
}

const number = (value: number) => value.toLocaleString('en');
const three = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 });

function bar(part: number, width: number): string {
  const full = Math.floor(Math.min(1, part) * width);
  return `[${'='.repeat(full)}${' '.repeat(width - full)}] ${Math.floor(part * 100)} %`;
}

function bytes(count: number): string {
  if (count < 1e6) return `${three(count / 1e3)} kB`;
  return count < 1e9 ? `${three(count / 1e6)} MB` : `${three(count / 1e9)} GB`;
}

/** A duration in seconds as text: 42s, 3m 05s, 2h 07m, 3d 04h. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h ${two(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86_400)}d ${two(Math.floor((s % 86_400) / 3600))}h`;
}

/**
 * Runs work other than training with a progress bar. Off a terminal, a line is printed at
 * intervals. A signal stops the work.
 *
 * @returns undefined after a signal; the exit code is then set.
 */
export async function withBar<T>(
  format: string,
  run: (bar: SingleBar, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const bar = new SingleBar({
    format,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    hideCursor: true,
    barsize: 24,
  });
  const stop = stopSignal(() => bar.stop());
  try {
    return await run(bar, stop.signal);
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
    process.exitCode = stop.exitCode;
    return undefined;
  } finally {
    stop.release();
    bar.stop();
  }
}
