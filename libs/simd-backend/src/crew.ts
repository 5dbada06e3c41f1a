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
/** By how much of the way the speed that the caller has alone is taken for higher at each gain. */
const DRIFT = 0.002;

/** A task that took this much longer than the shortest was interrupted. */
const LONG = { times: 4, milliseconds: 0.02 };

/**
 * The work of a run: how long one thread needs for all its tasks if nothing interrupts it.
 *
 * @param durations - of tasks that the caller did, in milliseconds. At least one.
 */
export function workOf(durations: Float64Array, tasks: number): number {
  const shortest = durations.reduce((least, time) => Math.min(least, time), Infinity);
  const most = LONG.times * shortest + LONG.milliseconds;
  const sum = durations.reduce((total, time) => total + Math.min(time, most), 0);
  return (sum / durations.length) * tasks;
}

/** Work, and the time that it took. */
class Watch {
  runs = 0;
  time = 0;
  #work = 0;

  add(time: number, work: number): void {
    this.runs++;
    this.time += time;
    this.#work += work;
  }

  /** Work for each millisecond: 1 for a thread that has a core to itself. */
  get speed(): number {
    return this.#work / this.time;
  }
}

/**
 * Decides how many threads help the calling one.
 *
 * Threads gain time where there are idle cores. Where there are none, a thread that has begun a
 * task is soon without a core, and the caller waits for it. So the crew compares how fast the
 * caller is with helpers, and without. When they are a loss, it halves them. When the last one
 * goes, the caller works alone for a while, and measures how fast it is, before it tries again.
 * When they are a gain, more come back.
 */
export class Crew {
  readonly #size: number;
  #helpers: number;
  /** Runs with helpers since the last judgment, and runs without since the last loss. */
  #together = new Watch();
  #alone = new Watch();
  /** How fast the caller is alone: at first, as if it had a core to itself. */
  #speedAlone = 1;
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
      if (this.#alone.runs >= FEWEST_RUNS) this.#speedAlone = Math.min(1, this.#alone.speed);
      this.#helpers = 1;
      this.#isTrial = true;
    }
    return this.#helpers;
  }

  /**
   * Takes note of a run that got as many helpers as {@link helpers} told.
   *
   * @param time - how long it took, in milliseconds.
   * @param work - see {@link workOf}.
   * @param now - when it ended.
   */
  note(time: number, work: number, now: number): void {
    if (this.#helpers === 0) return this.#alone.add(time, work);
    this.#together.add(time, work);
    const enough = this.#isTrial ? TRIAL : WATCH;
    if (this.#together.runs < FEWEST_RUNS || this.#together.time < enough) return;
    if (this.#together.speed < this.#speedAlone) this.#lose(now);
    else this.#gain();
    this.#together = new Watch();
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
    this.#alone = new Watch();
    this.#resume = now + this.#pause;
    this.#pause = Math.min(PAUSE.most, 2 * this.#pause);
  }

  #gain(): void {
    this.#pause = PAUSE.first;
    // Other programs come and go. A caller that was slow alone measures again at some time.
    this.#speedAlone += DRIFT * (1 - this.#speedAlone);
    if (this.#helpers === this.#size) {
      this.#patience = 1;
    } else if (++this.#gains >= this.#patience) {
      this.#gains = 0;
      this.#helpers = Math.min(this.#size, 2 * this.#helpers + 1);
    }
  }
}
