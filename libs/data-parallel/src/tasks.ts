// What the thread that computes asks of the thread that calls MPI. Both see the same memory.

import type { Launcher } from './launcher.js';

/** What a task of any kind has: a cell that is 1 once it is done, and 0 before. */
interface Task {
  readonly done: Int32Array;
}

/** Add up the values of all ranks. */
export interface SumTask extends Task {
  readonly kind: 'sum';
  /** All of its buffer beyond the values, see {@link paddedLength}, is the task's to use. */
  readonly values: Float32Array | Float64Array;
  /** Whether terms are added in the order of the ranks. */
  readonly ordered: boolean;
}

/** Give all ranks the bytes of one. */
export interface BroadcastTask extends Task {
  readonly kind: 'broadcast';
  readonly bytes: Uint8Array;
  readonly root: number;
}

/** Put the bytes of all ranks, as many of each, one after the other. */
export interface GatherTask extends Task {
  readonly kind: 'gather';
  readonly bytes: Uint8Array;
  readonly all: Uint8Array;
}

/** Leave the job, once all ranks do. Its cell is 2 once MPI has ended. */
export interface CloseTask extends Task {
  readonly kind: 'close';
}

/** Tell the others that this rank has failed; done once it should say why. */
export interface FailTask extends Task {
  readonly kind: 'fail';
}

/** End all processes of the job. Never done. */
export interface AbortTask extends Task {
  readonly kind: 'abort';
  readonly exitCode: number;
}

export type AnyTask = SumTask | BroadcastTask | GatherTask | CloseTask | FailTask | AbortTask;

/** Cells of the memory that both threads have, as 32-bit integers. */
export const cell = {
  /** Counts tasks, and wakes the thread that calls MPI. */
  tasks: 0,
  /** Whether the other thread waits for a task. */
  waiting: 1,
} as const;

/** What the thread that calls MPI begins with. */
export interface Assignment {
  readonly cells: Int32Array;
  readonly launcher: Launcher;
  /** Seconds of silence after which a rank is lost. */
  readonly patience: number;
}

/** What the thread says once it has joined the job, or why it could not. */
export type Greeting =
  | { readonly rank: number; readonly size: number; readonly version: string }
  | { readonly problem: string };

/** Values of a sum's buffer, so that each rank adds up a part of the same size. */
export const paddedLength = (length: number, ranks: number) => Math.ceil(length / ranks) * ranks;
