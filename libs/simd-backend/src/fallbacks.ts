/** What tfjs's cpu kernel of one name did for the backend. */
export interface Fallback {
  /** The name of the kernel in tfjs, such as `FFT`. */
  readonly kernel: string;
  /** How often it ran. */
  readonly calls: number;
  /** How long it ran in all, kernels within it included. */
  readonly milliseconds: number;
}

/**
 * Counts kernels that run on cpu, and their time. A cpu kernel calls others directly, so that each
 * call is one of the program's own.
 */
export class Fallbacks {
  readonly #totals = new Map<string, { calls: number; milliseconds: number }>();

  /** @param now - a clock in milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Runs a cpu kernel. One that throws counts too. */
  run<T>(kernel: string, work: () => T): T {
    const begin = this.now();
    try {
      return work();
    } finally {
      const { calls, milliseconds } = this.#totals.get(kernel) ?? { calls: 0, milliseconds: 0 };
      const spent = this.now() - begin;
      this.#totals.set(kernel, { calls: calls + 1, milliseconds: milliseconds + spent });
    }
  }

  /** The kernels that ran, those that took longest first. */
  list(): Fallback[] {
    return Array.from(this.#totals, ([kernel, total]) => ({ kernel, ...total })).sort(
      (a, b) => b.milliseconds - a.milliseconds,
    );
  }

  /** Forgets what was counted. */
  clear(): void {
    this.#totals.clear();
  }
}
