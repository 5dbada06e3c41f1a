import {
  BINDINGS_VERSION,
  inOrder,
  type KernelArguments,
  type KernelName,
} from './kernel-bindings.js';
import { ARGUMENTS_AT, CONTROL_WORDS, Control, MAX_ARGUMENTS, kernelNames } from './layout.js';
import { isSmall } from './small.js';
import { runTasks, type Kernel } from './worker-loop.js';
import { startWorker, type WorkerHandle } from './worker.js';

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
    this.#kernels = new Map(
      kernelNames.map((name, index) => [name, { index, call: instance.exports[name] as Kernel }]),
    );
  }

  /**
   * Starts `threads - 1` workers beside the calling thread and waits until they are ready.
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
      controlWords: CONTROL_WORDS,
      argumentsAt: ARGUMENTS_AT,
      maxArguments: MAX_ARGUMENTS,
    };
    const workers = await Promise.all(
      Array.from({ length: threads - 1 }, (_, i) => startWorker({ ...setup, thread: i + 1 })),
    );
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
    const control = this.#control;
    this.#arguments.set(values);
    control[Control.argumentCount] = values.length;
    control[Control.kernel] = index;
    this.#wake(tasks);
    try {
      runTasks(this.#next, tasks, 0, this.threads, (task) => call(task, 0, ...values));
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
      Atomics.store(this.#next, share, Math.floor((share * tasks) / this.threads));
    }
    Atomics.store(control, Control.busy, this.threads - 1);
    Atomics.add(control, Control.generation, 1);
    Atomics.notify(control, Control.generation);
  }

  #join(): void {
    const control = this.#control;
    let spin = 0;
    for (let busy; (busy = Atomics.load(control, Control.busy)) > 0;) {
      // The timeout only guards against a lost wake-up. A page's main thread may not sleep, so it
      // spins.
      if (++spin > SPINS && this.#maySleep) Atomics.wait(control, Control.busy, busy, 1);
    }
  }
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
