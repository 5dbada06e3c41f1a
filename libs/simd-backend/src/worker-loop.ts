import type { KernelName } from './kernel-bindings.js';
import type { Control } from './layout.js';

/*
 * What the threads of the pool do. Workers get these functions as text, see worker.ts. So a
 * function here may use its arguments and what every engine has, but nothing of this module or of
 * others, and it may not name functions within: a compiler could rename the former, and mark the
 * latter with helpers of its own.
 */

/**
 * A kernel: every thread calls it with the numbers of its tasks, its own number and the same
 * arguments.
 */
export type Kernel = (task: number, thread: number, ...args: number[]) => void;

/** What a worker needs to serve the pool. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The number of this thread: 0 is the one that owns the pool. */
  readonly thread: number;
  readonly threads: number;
  /** How often to look for work before the thread sleeps. */
  readonly spins: number;
  readonly kernelNames: readonly KernelName[];
  /** Indices of the control words and their number, and the place of the arguments. */
  readonly control: typeof Control;
  /** What is taken off the gate of a closed run. */
  readonly closed: number;
  readonly controlWords: number;
  readonly argumentsAt: number;
  readonly maxArguments: number;
}

/**
 * Runs tasks until none are left: those of this thread's share first, then those that are left of
 * the other shares.
 *
 * @param next - for each share, the next task that no thread has taken, from where the share
 * begins.
 */
export function runTasks(
  next: Int32Array,
  tasks: number,
  thread: number,
  threads: number,
  run: (task: number) => void,
): void {
  for (let i = 0; i < threads; i++) {
    const share = (thread + i) % threads;
    const end = Math.floor(((share + 1) * tasks) / threads);
    for (let task; (task = Atomics.add(next, share, 1)) < end;) run(task);
  }
}

/**
 * A worker's life: waits for runs, and takes part in each with `run`, which is {@link runTasks}.
 *
 * A worker that comes when a run is already closed is not missed: the caller waits only for those
 * who have begun. What a run is about may only be read in between, when it cannot change.
 */
export async function serve(
  setup: WorkerSetup,
  run: typeof runTasks,
  ready: () => void,
): Promise<void> {
  const { module, memory, thread, threads, spins, control: at, closed } = setup;
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = setup.kernelNames.map((name) => exports[name] as Kernel);
  const control = new Int32Array(memory.buffer, 0, setup.controlWords);
  const next = control.subarray(at.next, at.next + threads);
  const values = new Float64Array(memory.buffer, setup.argumentsAt, setup.maxArguments);
  let generation = Atomics.load(control, at.generation);
  ready();
  for (;;) {
    for (let helpers; (helpers = Atomics.load(control, at.helpers)) < thread;) {
      Atomics.wait(control, at.helpers, helpers);
    }
    for (let spin = 0; Atomics.load(control, at.generation) === generation;) {
      if (++spin <= spins) continue;
      Atomics.add(control, at.asleep, 1);
      Atomics.wait(control, at.generation, generation);
      Atomics.sub(control, at.asleep, 1);
    }
    generation = Atomics.load(control, at.generation);
    if (control[at.tasks] < 0) return;
    let inside;
    do inside = Atomics.load(control, at.gate);
    while (inside >= 0 && Atomics.compareExchange(control, at.gate, inside, inside + 1) !== inside);
    if (inside < 0) continue;
    const kernel = kernels[control[at.kernel]];
    const args = Array.from(values.subarray(0, control[at.argumentCount]));
    try {
      run(next, control[at.tasks], thread, threads, (task) => kernel(task, thread, ...args));
    } catch {
      Atomics.store(control, at.failed, 1);
    }
    if (Atomics.sub(control, at.gate, 1) === 1 - closed) Atomics.notify(control, at.gate);
  }
}
