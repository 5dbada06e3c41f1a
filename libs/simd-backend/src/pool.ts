import {
  BINDINGS_VERSION,
  inOrder,
  type KernelArguments,
  type KernelName,
} from './kernel-bindings.js';
import { Crew, workOf } from './crew.js';
import {
  ARGUMENTS_AT,
  CLOSED,
  CONTROL_WORDS,
  Control,
  MAX_ARGUMENTS,
  kernelNames,
} from './layout.js';
import { isSmall } from './small.js';
import { runTasks, type Kernel, type WorkerSetup } from './worker-loop.js';
import { inNode, startWorker, type WorkerHandle } from './worker.js';

/** The most tasks of a run whose time is taken. */
const TIMED = 64;

/** How often a thread looks for work before it sleeps: about 50 microseconds. */
const SPINS = 20_000;

/**
 * Threads that run one kernel at a time over numbered tasks, in one shared memory.
 *
 * Each thread begins with its own share, the same part of the whole for every kernel, and then
 * helps the others. So a thread mostly reads what it wrote itself, and little moves from one core's
 * cache to another's.
 *
 * Any thread may run any task. A kernel writes to places that depend on the task alone, so results
 * do not depend on the number of threads.
 */
export class Pool {
  /** Threads that run tasks, the caller's own included. */
  readonly threads: number;
  readonly #control: Int32Array;
  readonly #next: Int32Array;
  readonly #arguments: Float64Array;
  readonly #kernels: ReadonlyMap<KernelName, { readonly index: number; readonly call: Kernel }>;
  readonly #workers: WorkerHandle[];
  readonly #maySleep: boolean;
  readonly #crew: Crew;
  readonly #durations = new Float64Array(TIMED);

  private constructor(
    instance: WebAssembly.Instance,
    memory: WebAssembly.Memory,
    workers: WorkerHandle[],
  ) {
    this.threads = workers.length + 1;
    this.#workers = workers;
    this.#control = new Int32Array(memory.buffer, 0, CONTROL_WORDS);
    this.#next = this.#control.subarray(Control.next, Control.next + this.threads);
    this.#arguments = new Float64Array(memory.buffer, ARGUMENTS_AT, MAX_ARGUMENTS);
    this.#maySleep = maySleep(this.#control);
    this.#crew = new Crew(workers.length);
    this.#control[Control.gate] = -CLOSED;
    this.#kernels = new Map(
      kernelNames.map((name, index) => [name, { index, call: instance.exports[name] as Kernel }]),
    );
  }

  /**
   * Starts `threads - 1` workers beside the calling thread and waits until they are ready. A page
   * whose workers cannot start has one thread.
   *
   * @throws Error when the module was built from another version of the kernels.
   */
  static async start(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    threads: number,
  ): Promise<Pool> {
    const instance = await WebAssembly.instantiate(module, { env: { memory } });
    checkVersion(instance);
    const setup = {
      module,
      memory,
      threads,
      spins: SPINS,
      kernelNames,
      control: Control,
      closed: CLOSED,
      controlWords: CONTROL_WORDS,
      argumentsAt: ARGUMENTS_AT,
      maxArguments: MAX_ARGUMENTS,
    };
    const workers = await startWorkers(setup, threads - 1);
    return new Pool(instance, memory, workers);
  }

  /**
   * Calls the kernel for every task in 0 .. tasks - 1 and returns when all are done.
   *
   * @throws Error when a kernel traps, which only a bug in it can cause.
   */
  run<K extends KernelName>(kernel: K, tasks: number, args: KernelArguments[K]): void {
    const { index, call } = this.#kernels.get(kernel)!;
    const values = inOrder[kernel](args);
    if (tasks <= 1 || this.#workers.length === 0 || isSmall(kernel, tasks, args)) {
      for (let task = 0; task < tasks; task++) call(task, 0, ...values);
      return;
    }
    const begin = performance.now();
    const helpers = this.#crew.helpers(begin);
    let [done, last] = [0, begin];
    const work = (task: number) => {
      call(task, 0, ...values);
      if (done === TIMED) return;
      const now = performance.now();
      this.#durations[done++] = now - last;
      last = now;
    };
    if (helpers === 0) {
      for (let task = 0; task < tasks; task++) work(task);
    } else {
      const control = this.#control;
      this.#arguments.set(values);
      control[Control.argumentCount] = values.length;
      control[Control.kernel] = index;
      const first = this.#open(tasks);
      this.#wake(helpers);
      last = performance.now();
      try {
        work(first);
        runTasks(this.#next, tasks, 0, this.threads, work);
      } finally {
        this.#join();
      }
      if (Atomics.exchange(control, Control.failed, 0)) {
        throw new Error(`simd backend: kernel ${kernel} trapped in a worker thread`);
      }
    }
    const end = performance.now();
    this.#crew.note(end - begin, workOf(this.#durations.subarray(0, done), tasks), end);
  }

  /** Ends the workers. */
  stop(): void {
    this.#control[Control.tasks] = -1;
    if (this.#workers.length > 0) this.#wake(this.#workers.length);
    for (const worker of this.#workers.splice(0)) worker.terminate();
  }

  /**
   * Lays out the shares and lets workers in. The caller has the first task, so that it knows how
   * long one takes.
   */
  #open(tasks: number): number {
    const control = this.#control;
    control[Control.tasks] = tasks;
    let first = -1;
    for (let share = 0; share < this.threads; share++) {
      const begin = Math.floor((share * tasks) / this.threads);
      const isFirst = first < 0 && begin < Math.floor(((share + 1) * tasks) / this.threads);
      if (isFirst) first = begin;
      Atomics.store(this.#next, share, isFirst ? begin + 1 : begin);
    }
    Atomics.store(control, Control.gate, 0);
    return first;
  }

  /** Calls up so many workers. Those that look for work need no waking. */
  #wake(helpers: number): void {
    const control = this.#control;
    if (control[Control.helpers] !== helpers) {
      Atomics.store(control, Control.helpers, helpers);
      Atomics.notify(control, Control.helpers);
    }
    Atomics.add(control, Control.generation, 1);
    if (Atomics.load(control, Control.asleep) > 0) Atomics.notify(control, Control.generation);
  }

  /** Closes the run, and waits for the workers that take part. */
  #join(): void {
    const control = this.#control;
    Atomics.sub(control, Control.gate, CLOSED);
    let spin = 0;
    for (let gate; (gate = Atomics.load(control, Control.gate)) !== -CLOSED;) {
      // The timeout only guards against a lost wake-up. A page's main thread may not sleep, so it
      // spins.
      if (++spin > SPINS && this.#maySleep) Atomics.wait(control, Control.gate, gate, 1);
    }
  }
}

/**
 * Starts workers. In a page where one cannot start, there are none, and a warning says so.
 *
 * @throws Error when one cannot start in Node.
 */
async function startWorkers(
  setup: Omit<WorkerSetup, 'thread'>,
  count: number,
): Promise<WorkerHandle[]> {
  const starts = await Promise.allSettled(
    Array.from({ length: count }, (_, i) => startWorker({ ...setup, thread: i + 1 })),
  );
  const workers = starts.flatMap((start) => (start.status === 'fulfilled' ? start.value : []));
  const failure = starts.find((start) => start.status === 'rejected');
  if (!failure) return workers;
  for (const worker of workers) worker.terminate();
  if (inNode) throw failure.reason;
  console.warn(
    `simd backend: no worker can start, so it computes on one thread (${String(failure.reason)}). ` +
      'A Content-Security-Policy of the page must allow workers of blobs: worker-src blob:',
  );
  return [];
}

function checkVersion({ exports }: WebAssembly.Instance): void {
  const version = (exports['bindingsVersion'] as WebAssembly.Global | undefined)?.value;
  if (version !== BINDINGS_VERSION) {
    throw new Error(
      'simd backend: wasm/ and the library are of different versions; in the repository, run `npx nx wasm @tgan/simd-backend`',
    );
  }
}

/** Whether this thread may block: a page's main thread may not, and throws. */
function maySleep(control: Int32Array): boolean {
  try {
    Atomics.wait(control, Control.idle, 1);
    return true;
  } catch {
    return false;
  }
}
