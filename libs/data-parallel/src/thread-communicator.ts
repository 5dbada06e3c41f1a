import { writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import type { PendingSum, Traffic } from '@tgan/core';
import type { MpiCommunicator } from './mpi-communicator.js';
import { shared } from './mpi.js';
import { cell, paddedLength, type AnyTask } from './tasks.js';

/** Bytes of a broadcast at once: MPI counts in 32-bit integers. */
const largestPart = 2 ** 28;

/** Milliseconds that MPI may take to end, once all ranks have left. */
const longestEnd = 8000;

/** What a communicator knows when it has joined the job. */
export interface Joined {
  readonly thread: Worker;
  readonly cells: Int32Array;
  readonly rank: number;
  readonly size: number;
  readonly version: string;
}

/** A task without its cell, of each kind. */
type Order = AnyTask extends infer Task
  ? Task extends AnyTask
    ? Omit<Task, 'done'>
    : never
  : never;

/** A communicator whose work a thread of its own does. */
export class ThreadCommunicator implements MpiCommunicator {
  readonly rank: number;
  readonly size: number;
  readonly version: string;
  deterministic = true;
  readonly #thread: Worker;
  readonly #cells: Int32Array;
  readonly #traffic = { bytes: 0, seconds: 0 };
  readonly #onExit = () => this.#end(process.exitCode === 0 ? 1 : Number(process.exitCode ?? 1));

  constructor({ thread, cells, rank, size, version }: Joined) {
    this.#thread = thread;
    this.#cells = cells;
    this.rank = rank;
    this.size = size;
    this.version = version;
    // The others must not wait for a rank that left without a word.
    process.on('exit', this.#onExit);
  }

  get traffic(): Traffic {
    return { ...this.#traffic };
  }

  allReduce(values: Float32Array | Float64Array): PendingSum {
    if (this.size === 1) return { wait() {} };
    const length = paddedLength(values.length, this.size);
    const buffer = shared(length * values.BYTES_PER_ELEMENT);
    const sums =
      values instanceof Float32Array
        ? new Float32Array(buffer, 0, values.length)
        : new Float64Array(buffer, 0, values.length);
    sums.set(values);
    this.#count((2 * buffer.byteLength * (this.size - 1)) / this.size);
    const done = this.#order({ kind: 'sum', values: sums, ordered: this.deterministic });
    return {
      wait: () => {
        this.#wait(done);
        values.set(sums);
      },
    };
  }

  broadcast<T>(value: T, root = 0): T {
    if (this.size === 1) return value;
    const own = this.rank === root ? serialize(value) : undefined;
    const length = new Float64Array(shared(8));
    length[0] = own?.length ?? 0;
    this.#broadcastBytes(new Uint8Array(length.buffer), root);
    const bytes = new Uint8Array(shared(length[0]), 0, length[0]);
    if (own) bytes.set(own);
    for (let from = 0; from < bytes.length; from += largestPart) {
      this.#broadcastBytes(bytes.subarray(from, from + largestPart), root);
    }
    return own ? value : (deserialize(bytes) as T);
  }

  allGather<T>(value: T): T[] {
    if (this.size === 1) return [value];
    const own = serialize(value);
    const lengths = new Float64Array(this.#gather(bytesOfNumber(own.length)).buffer);
    const longest = Math.max(...lengths);
    const padded = new Uint8Array(shared(longest), 0, longest);
    padded.set(own);
    const all = this.#gather(padded);
    return [...lengths].map((length, rank) => {
      const from = rank * longest;
      return deserialize(all.slice(from, from + length)) as T;
    });
  }

  close(): void {
    process.off('exit', this.#onExit);
    const done = this.#order({ kind: 'close' });
    this.#wait(done);
    if (Atomics.wait(done, 0, 1, longestEnd) !== 'timed-out') return;
    writeSync(2, `tgan: rank ${this.rank}: MPI does not end, so this process ends itself\n`);
    process.kill(process.pid, 'SIGKILL');
  }

  fail(speak: () => number): never {
    process.off('exit', this.#onExit);
    this.#do({ kind: 'fail' });
    return this.#end(speak());
  }

  #end(exitCode: number): never {
    this.#do({ kind: 'abort', exitCode });
    throw new Error('unreachable: the job has ended');
  }

  #broadcastBytes(bytes: Uint8Array, root: number): void {
    if (this.rank === root) this.#count(bytes.length);
    this.#do({ kind: 'broadcast', bytes, root });
  }

  #gather(bytes: Uint8Array): Uint8Array {
    const all = new Uint8Array(shared(bytes.length * this.size), 0, bytes.length * this.size);
    this.#count(bytes.length * (this.size - 1));
    this.#do({ kind: 'gather', bytes, all });
    return all;
  }

  #count(bytes: number): void {
    this.#traffic.bytes += bytes;
  }

  #do(order: Order): void {
    this.#wait(this.#order(order));
  }

  /** Gives the thread a task, and returns its cell. */
  #order(order: Order): Int32Array {
    const done = new Int32Array(shared(4), 0, 1);
    this.#thread.postMessage({ ...order, done });
    Atomics.add(this.#cells, cell.tasks, 1);
    Atomics.notify(this.#cells, cell.tasks);
    return done;
  }

  #wait(done: Int32Array): void {
    if (Atomics.load(done, 0) !== 0) return;
    const began = performance.now();
    // It may sleep, since it was not waited for.
    Atomics.store(this.#cells, cell.waiting, 1);
    Atomics.notify(this.#cells, cell.tasks);
    Atomics.wait(done, 0, 0);
    Atomics.store(this.#cells, cell.waiting, 0);
    this.#traffic.seconds += (performance.now() - began) / 1000;
  }
}

function bytesOfNumber(value: number): Uint8Array {
  const number = new Float64Array(shared(8));
  number[0] = value;
  return new Uint8Array(number.buffer);
}
