import {
  MAX_PAGES,
  SCRATCH_BASE,
  SCRATCH_BYTES,
  STATIC_BASE,
  inOrder,
  type KernelName,
} from './kernel-bindings.js';

/*
 * The map of the shared memory, in bytes:
 *
 *   0             control words of the worker pool (Int32)
 *   ARGUMENTS_AT  arguments of the kernel that runs (Float64: i32, u32 and f32 all fit)
 *   STATIC_BASE   static data of the WebAssembly module
 *   SCRATCH_BASE  scratch memory of each thread
 *   heapBase      tensors
 *
 * assembly/memory.ts has STATIC_BASE and what belongs to the scratch memory.
 */
export const CONTROL_WORDS = 128;
export const ARGUMENTS_AT = CONTROL_WORDS * 4;
export const MAX_ARGUMENTS = (STATIC_BASE - ARGUMENTS_AT) / 8;
export const MAX_THREADS = 64;
/** Where the tensors begin: after the scratch memory of each thread. */
export const heapBase = (threads: number) => SCRATCH_BASE + threads * SCRATCH_BYTES;

/** A WebAssembly page. */
export const PAGE_BYTES = 65536;
/** The most that 32-bit WebAssembly can address: 4 GiB. */
export const MAX_BYTES = MAX_PAGES * PAGE_BYTES;

/** What is taken off the gate of a run that nobody may join any more. */
export const CLOSED = 2 ** 16;

/** Indices of the control words. */
export const Control = {
  /** Goes up by one for each run. Workers wait for it to change. */
  generation: 0,
  /** Index of the kernel in {@link kernelNames}. */
  kernel: 1,
  /** Tasks of the run; negative ends the workers. */
  tasks: 2,
  /**
   * The workers that take part in the present run. When it is closed, {@link CLOSED} less, so that
   * no other begins.
   */
  gate: 4,
  argumentCount: 5,
  /** Set by a worker in which a kernel trapped. */
  failed: 6,
  /** Workers up to this number take part; the others sleep until it changes. */
  helpers: 7,
  /** Workers that sleep, or are about to, until `generation` changes. */
  asleep: 8,
  /** Never changes. */
  idle: 63,
  /** For each thread, the next task of its share that no thread has taken. */
  next: 64,
} as const;

/** The kernels by number. */
export const kernelNames = Object.keys(inOrder) as readonly KernelName[];
