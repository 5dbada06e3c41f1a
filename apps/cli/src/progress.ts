import { SingleBar } from 'cli-progress';

/** The progress bar of a training run, on standard error; without a terminal, a line every ten seconds. */
export class Progress {
  readonly #bar: SingleBar;
  readonly #batchSize: number;
  #last = performance.now();
  #smoothed: number | undefined;
  /** How long the last step took. */
  secondsPerStep = 0;

  /**
   * @param steps - how many there will be.
   * @param done - how many there were already.
   */
  constructor(steps: number, batchSize: number, done: number) {
    this.#batchSize = batchSize;
    this.#bar = new SingleBar({
      format: '{bar} {value}/{total} | {speed} | {left} left | {detail}',
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      barsize: 24,
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 10_000,
      stopOnComplete: false,
      linewrap: false,
    });
    this.#bar.start(steps, done, { speed: '...', left: '...', detail: '' });
  }

  /** Tells that a step is done. */
  update(step: number, detail: string): void {
    const now = performance.now();
    this.secondsPerStep = (now - this.#last) / 1000;
    this.#last = now;
    this.#smoothed =
      this.#smoothed === undefined
        ? this.secondsPerStep
        : 0.95 * this.#smoothed + 0.05 * this.secondsPerStep;
    const stepsPerSecond = 1 / this.#smoothed;
    const videos = stepsPerSecond * this.#batchSize;
    this.#bar.update(step, {
      speed: `${stepsPerSecond.toPrecision(3)} steps/s, ${videos.toPrecision(3)} videos/s`,
      left: duration((this.#bar.getTotal() - step) * this.#smoothed),
      detail,
    });
  }

  /** Leaves the bar as it is and gives the line back. */
  stop(): void {
    this.#bar.stop();
  }
}

/** Seconds as a person says them: 42s, 3m 05s, 2h 07m. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  return `${Math.floor(s / 3600)}h ${two(Math.floor((s % 3600) / 60))}m`;
}
