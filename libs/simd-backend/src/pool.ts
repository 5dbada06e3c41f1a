import { ARGUMENTS_AT, Control, MAX_ARGUMENTS } from './layout.js';
import { startWorker, type WorkerHandle } from './worker.js';

type Kernel = (task: number, thread: number, ...args: number[]) => void;

/** How long a thread looks again and again before it sleeps: about 50 microseconds. */
const SPINS = 20_000;

/**
 * Threads that run one kernel at a time over numbered tasks, out of one shared memory.
 *
 * Each thread begins with a share of its own, the same part of the whole for every kernel, and then helps the others:
 * what a thread wrote it mostly reads itself, so that little wanders from one core's cache to another's.
 *
 * Which thread runs which task is left open; the kernels make that invisible by writing to places that depend on the
 * task alone, so results do not depend on the number of threads.
 */
export class Pool {
  /** Threads at work, the caller's own included. */
  readonly threads: number;
  readonly #control: Int32Array;
  readonly #slots: Float64Array;
  readonly #kernels: Kernel[] = [];
  readonly #index = new Map<string, number>();
  readonly #workers: WorkerHandle[];
  readonly #maySleep: boolean;

  private constructor(
    instance: WebAssembly.Instance,
    memory: WebAssembly.Memory,
    workers: WorkerHandle[],
  ) {
    this.threads = workers.length + 1;
    this.#workers = workers;
    this.#control = new Int32Array(memory.buffer, 0, 128);
    this.#slots = new Float64Array(memory.buffer, ARGUMENTS_AT, MAX_ARGUMENTS);
    this.#maySleep = maySleep(this.#control);
    for (const [name, value] of Object.entries(instance.exports)) {
      if (typeof value === 'function') {
        this.#index.set(name, this.#kernels.length);
        this.#kernels.push(value as Kernel);
      }
    }
  }

  /** Starts `threads - 1` workers beside the calling thread and waits until they are ready. */
  static async start(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threads: number,
  ): Promise<Pool> {
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    const workers = await Promise.all(
      Array.from({ length: threads - 1 }, (_, i) =>
        startWorker({ module, memory, thread: i + 1, threads, spins: SPINS }),
      ),
    );
    return new Pool(instance, memory, workers);
  }

  /**
   * Calls `kernel(task, thread, ...args)` for every task in 0 .. tasks - 1 and returns when all are done.
   *
   * @throws Error when a kernel traps, which only a bug in it can cause.
   */
  run(kernel: string, tasks: number, args: readonly number[]): void {
    const index = this.#index.get(kernel);
    if (index === undefined) throw new Error(`simd backend: no kernel ${kernel}`);
    const call = this.#kernels[index];
    if (tasks <= 1 || this.#workers.length === 0) {
      for (let task = 0; task < tasks; task++) call(task, 0, ...args);
      return;
    }
    const control = this.#control;
    this.#slots.set(args);
    control[Control.argumentCount] = args.length;
    control[Control.kernel] = index;
    this.#wake(tasks);
    try {
      for (let share = 0; share < this.threads; share++) {
        const end = this.#firstTask(share + 1, tasks);
        for (let task; (task = Atomics.add(control, Control.next + share, 1)) < end;) {
          call(task, 0, ...args);
        }
      }
    } finally {
      this.#join();
    }
    if (Atomics.exchange(control, Control.failed, 0)) {
      throw new Error(`simd backend: kernel ${kernel} trapped in a worker thread`);
    }
  }

  /** Ends the workers. */
  stop(): void {
    if (this.#workers.length > 0) this.#wake(-1);
    for (const worker of this.#workers.splice(0)) worker.terminate();
  }

  #wake(tasks: number): void {
    const control = this.#control;
    control[Control.tasks] = tasks;
    for (let share = 0; share < this.threads; share++) {
      Atomics.store(control, Control.next + share, this.#firstTask(share, tasks));
    }
    Atomics.store(control, Control.busy, this.threads - 1);
    Atomics.add(control, Control.generation, 1);
    Atomics.notify(control, Control.generation);
  }

  /** Where a thread's share of the tasks begins. */
  #firstTask(share: number, tasks: number): number {
    return Math.floor((share * tasks) / this.threads);
  }

  #join(): void {
    const control = this.#control;
    let spin = 0;
    for (let busy; (busy = Atomics.load(control, Control.busy)) > 0;) {
      // The timeout guards against nothing but a lost wake-up; a page's main thread may only spin.
      if (++spin > SPINS && this.#maySleep) Atomics.wait(control, Control.busy, busy, 1);
    }
  }
}

/** Whether this thread may block: a page's main thread may not, and throws. */
function maySleep(control: Int32Array): boolean {
  try {
    Atomics.wait(control, 63, 1);
    return true;
  } catch {
    return false;
  }
}
