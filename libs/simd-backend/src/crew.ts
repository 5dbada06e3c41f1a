/** How long runs with helpers are watched before their gain is judged, in milliseconds. */
const WATCH = 10;
/** The same after a pause, when helpers are tried again. */
const TRIAL = 2;
/** Fewer runs than this say nothing. */
const FEWEST_RUNS = 4;
/** How long the caller works alone after a loss, at first and at most, in milliseconds. */
const PAUSE = { first: 50, most: 2000 };
/** The most gains in a row that are asked for before more helpers are called. */
const MOST_PATIENCE = 256;

/** A task that took this much longer than the shortest was interrupted. */
const LONG = { times: 4, milliseconds: 0.02 };

/**
 * How long one thread would have taken for all tasks of a run, from those that it did itself. What
 * another thread did on the same core meanwhile does not count: such a task looks longer than the
 * others.
 *
 * @param durations - of tasks that the caller did, in milliseconds. At least one.
 */
export function timeAlone(durations: Float64Array, tasks: number): number {
  const shortest = durations.reduce((least, time) => Math.min(least, time), Infinity);
  const most = LONG.times * shortest + LONG.milliseconds;
  const sum = durations.reduce((total, time) => total + Math.min(time, most), 0);
  return (sum / durations.length) * tasks;
}

/**
 * Decides how many threads help the calling one.
 *
 * Threads gain time where there are idle cores. Where there are none, a thread that has begun a
 * task is soon without a core, and the caller waits for it. So the crew compares how long runs took
 * with how long the caller alone would have taken. When that is a loss, it halves the helpers; when
 * the last one goes, the caller works alone for a while before it tries again. When it is a gain,
 * helpers come back.
 */
export class Crew {
  readonly #size: number;
  #helpers: number;
  /** Runs that were watched since the last judgment, and their time. */
  #runs = 0;
  #together = 0;
  #alone = 0;
  /** Gains in a row, and how many of them bring more helpers. */
  #gains = 0;
  #patience = 1;
  /** When the caller tries again, and how long it pauses after the next loss. */
  #resume = 0;
  #pause = PAUSE.first;
  #isTrial = false;

  /** @param size - the helpers that there are. */
  constructor(size: number) {
    this.#size = size;
    this.#helpers = size;
  }

  /**
   * How many helpers a run gets.
   *
   * @param now - in milliseconds.
   */
  helpers(now: number): number {
    if (this.#helpers === 0 && this.#size > 0 && now >= this.#resume) {
      this.#helpers = 1;
      this.#isTrial = true;
    }
    return this.#helpers;
  }

  /**
   * Takes note of a run with helpers.
   *
   * @param together - how long it took, in milliseconds.
   * @param alone - how long one thread would have taken, see {@link timeAlone}.
   * @param now - when it ended.
   */
  note(together: number, alone: number, now: number): void {
    this.#runs++;
    this.#together += together;
    this.#alone += alone;
    const watch = this.#isTrial ? TRIAL : WATCH;
    if (this.#runs < FEWEST_RUNS || this.#together < watch) return;
    if (this.#together > this.#alone) this.#lose(now);
    else this.#gain();
    this.#runs = this.#together = this.#alone = 0;
    this.#isTrial = false;
  }

  #lose(now: number): void {
    this.#gains = 0;
    this.#helpers = Math.floor(this.#helpers / 2);
    if (this.#helpers > 0) {
      this.#patience = Math.min(MOST_PATIENCE, 2 * this.#patience);
      return;
    }
    this.#patience = 1;
    this.#resume = now + this.#pause;
    this.#pause = Math.min(PAUSE.most, 2 * this.#pause);
  }

  #gain(): void {
    this.#pause = PAUSE.first;
    if (this.#helpers === this.#size) {
      this.#patience = 1;
    } else if (++this.#gains >= this.#patience) {
      this.#gains = 0;
      this.#helpers = Math.min(this.#size, 2 * this.#helpers + 1);
    }
  }
}
