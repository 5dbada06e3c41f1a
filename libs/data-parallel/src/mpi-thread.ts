// The thread that calls MPI, the only one of a rank. It moves sums on while the other thread
// computes, and watches the other ranks. It blocks, and never returns to its event loop.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { MpiError } from './errors.js';
import { launcherProcess } from './launcher-process.js';
import { loadKoffi, openLibrary } from './library.js';
import { Mpi, shared } from './mpi.js';
import { finished, OrderedSums, type Work } from './sum.js';
import { cell, type AnyTask, type Assignment, type Greeting, type SumTask } from './tasks.js';
import { Watch } from './watch.js';

const { cells, launcher, patience } = workerData as Assignment;

/** Milliseconds. */
const pause = {
  /** From one look at the other ranks to the next. */
  look: 100,
  /** How long to wait for MPI without a pause, while the other thread waits too. */
  spin: 0.05,
  /** Between two looks at what MPI is doing. */
  short: 0.05,
  long: 1,
  /** From the last goodbye to the end of MPI. */
  farewell: 250,
};

interface Running {
  readonly task: AnyTask;
  readonly work: Work;
}

class MpiThread {
  readonly #mpi: Mpi;
  readonly #rank: number;
  readonly #size: number;
  /** For everything but the second halves of ordered sums. */
  readonly #comm: bigint | number;
  readonly #sums: OrderedSums;
  readonly #watch: Watch;
  readonly #hosts: readonly string[];
  #running: Running[] = [];
  /** The last task, once all ranks leave. */
  #closing: AnyTask | undefined;

  constructor(mpi: Mpi) {
    this.#mpi = mpi;
    const { world } = mpi;
    this.#rank = mpi.rank(world);
    this.#size = mpi.size(world);
    this.#comm = mpi.duplicate(world);
    this.#sums = new OrderedSums(mpi, this.#size, this.#comm, mpi.duplicate(world));
    this.#watch = new Watch(mpi, mpi.duplicate(world), patience, performance.now());
    this.#hosts = this.#gatherHosts();
  }

  get greeting(): Greeting {
    return { rank: this.#rank, size: this.#size, version: this.#mpi.version() };
  }

  /** Does the other thread's tasks until it leaves the job. */
  run(): void {
    try {
      this.#loop();
    } catch (error) {
      say(`rank ${this.#rank}: ${(error as Error).message}; the job ends`);
      end(this.#mpi, 1);
    }
  }

  #loop(): void {
    let busySince = 0;
    let lastLook = -Infinity;
    while (!this.#closing) {
      const tasks = Atomics.load(cells, cell.tasks);
      const isNew = this.#takeTasks();
      const isDone = this.#advance();
      const now = performance.now();
      if (isNew || isDone) busySince = now;
      if (now - lastLook >= pause.look) {
        lastLook = now;
        const lost = this.#watch.look(now);
        if (lost.length > 0) this.#giveUp(lost);
      }
      const busy = now - busySince;
      if (this.#running.length === 0) sleep(tasks, pause.look);
      else if (Atomics.load(cells, cell.waiting) === 0) sleep(tasks, pause.long);
      else if (busy > pause.spin) sleep(tasks, busy > 50 ? pause.long : pause.short);
    }
    conclude(this.#closing);
    // Connections end by a question that the other side has to answer, and MPICH answers none any
    // more once its own are answered. So no rank asks while another one may still listen to MPI.
    wait(pause.farewell);
    this.#mpi.finalize();
    conclude(this.#closing);
  }

  /** Whether there were any. */
  #takeTasks(): boolean {
    let isNew = false;
    for (;;) {
      const received = receiveMessageOnPort(parentPort!);
      if (!received) return isNew;
      isNew = true;
      const task = received.message as AnyTask;
      this.#running.push({ task, work: this.#begin(task) });
    }
  }

  /** Whether a task came to its end. */
  #advance(): boolean {
    const before = this.#running.length;
    this.#running = this.#running.filter(({ task, work }) => {
      if (!work.next().done) return true;
      if (task.kind === 'close') this.#closing = task;
      else conclude(task);
      return false;
    });
    return this.#running.length < before;
  }

  #begin(task: AnyTask): Work {
    const mpi = this.#mpi;
    switch (task.kind) {
      case 'sum':
        return task.ordered ? this.#sums.start(task) : this.#anySum(task);
      case 'broadcast':
        return finished(mpi, mpi.startBroadcast(this.#comm, task.bytes, task.root));
      case 'gather':
        return finished(mpi, mpi.startAllGather(this.#comm, task.bytes, task.all));
      case 'close':
        return this.#watch.leave();
      case 'fail':
        return this.#fail();
      case 'abort':
        return end(mpi, task.exitCode);
    }
  }

  #anySum({ values }: SumTask): Work {
    const mpi = this.#mpi;
    const sums = values.slice();
    const request = mpi.startAllReduce(this.#comm, sums, values);
    return finished(mpi, request);
  }

  /**
   * Tells the others that this rank has failed. When all fail alike, for a wrong option say, the
   * first of them speaks and ends the job: its task is done, and the others' never is.
   */
  *#fail(): Work {
    this.#watch.announceFailure();
    const since = performance.now();
    const waited = () => performance.now() - since;
    while (waited() < 2000 && this.#watch.failed.length < this.#size - 1) yield;
    const isFirst = this.#watch.failed.every((rank) => rank > this.#rank);
    if (isFirst) return;
    while (waited() < 5000) yield;
    end(this.#mpi, 1);
  }

  /** Ends the job without the ranks that are lost. The first of the others says so. */
  #giveUp(lost: readonly number[]): never {
    const isLost = (rank: number) => lost.includes(rank);
    const speaks = this.#hosts.slice(0, this.#rank).every((_, rank) => isLost(rank));
    if (speaks) {
      const names = lost.map((rank) => `${rank} (${this.#hosts[rank]})`).join(', ');
      say(
        `rank ${names} is lost: nothing heard for ${patience} s (killed, stopped or cut off); ` +
          'the job ends; tgan resume RUN continues from the last checkpoint, in any number of processes',
      );
    }
    // An abort may overtake what is printed.
    wait(speaks ? 200 : 700);
    endLauncherSoon();
    return end(this.#mpi, 1);
  }

  /** The host of each rank. */
  #gatherHosts(): string[] {
    const [bytes, all] = [new Uint8Array(shared(64)), new Uint8Array(shared(64 * this.#size))];
    bytes.set(Buffer.from(hostname()).subarray(0, 64));
    const request = this.#mpi.startAllGather(this.#comm, bytes, all);
    while (!this.#mpi.isDone(request)) wait(pause.short);
    const hosts = Array.from({ length: this.#size }, (_, rank) =>
      all.slice(64 * rank, 64 * rank + 64),
    );
    return hosts.map((host) => Buffer.from(host).toString().replace(/\0+$/, ''));
  }
}

async function join(): Promise<MpiThread | undefined> {
  try {
    const mpi = new Mpi(openLibrary(await loadKoffi(), launcher));
    mpi.init();
    const thread = new MpiThread(mpi);
    parentPort!.postMessage(thread.greeting);
    return thread;
  } catch (error) {
    parentPort!.postMessage({ problem: (error as Error).message } satisfies Greeting);
    return undefined;
  }
}

/** Sleeps for some milliseconds, or until there is a new task. */
function sleep(tasks: number, milliseconds: number): void {
  Atomics.wait(cells, cell.tasks, tasks, milliseconds);
}

function conclude({ done }: AnyTask): void {
  Atomics.add(done, 0, 1);
  Atomics.notify(done, 0);
}

const say = (text: string) => writeSync(2, `tgan: ${text}\n`);

const wait = (milliseconds: number) => void Atomics.wait(never, 0, 0, milliseconds);
const never = new Int32Array(new SharedArrayBuffer(4));

/** Ends the job, and this process even where MPI cannot. */
function end(mpi: Mpi, exitCode: number): never {
  mpi.abort(exitCode);
  wait(1500);
  process.kill(process.pid, 'SIGKILL');
  throw new MpiError('the job has ended');
}

/**
 * Ends the launcher unless it ends soon: it may wait for hosts that are cut off, without end. It
 * ends this process before, so another one does it.
 */
function endLauncherSoon(): void {
  const launcher = launcherProcess();
  if (!launcher) return;
  const { pid } = launcher;
  const script = `sleep 1.5; kill -KILL ${pid}`;
  spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
}

(await join())?.run();
