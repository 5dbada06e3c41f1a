/**
 * The map of the shared memory below the heap, in bytes. assembly/scratch.ts and build-wasm.mjs hold the same numbers.
 *
 * ```text
 * 0      control words of the worker pool (Int32)
 * 512    arguments of the kernel that runs (Float64: i32, u32 and f32 all fit)
 * 1024   static data of the WebAssembly module
 * 65536  working memory of each thread: tiles, then panels of matrix products
 * heapBase(threads)  tensors
 * ```
 */
export const ARGUMENTS_AT = 512;
export const MAX_ARGUMENTS = 64;
export const MAX_THREADS = 64;
/** Where the tensors begin: each thread has working memory below. */
export const heapBase = (threads: number) => 65536 + threads * (32768 + 262144);

/** A WebAssembly page. */
export const PAGE_BYTES = 65536;
/** Most that 32-bit WebAssembly can address: 4 GiB. */
export const MAX_BYTES = 65536 * PAGE_BYTES;

/** Indices of the control words. */
export const Control = {
  /** Goes up by one for each run; workers wait for it to change. */
  generation: 0,
  kernel: 1,
  tasks: 2,
  /** Workers that have not finished the present run. */
  busy: 4,
  argumentCount: 5,
  /** Set by a worker in which a kernel trapped. */
  failed: 6,
  /** For each thread, the next task of its share that nobody has taken. */
  next: 64,
} as const;
