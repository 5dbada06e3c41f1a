/** Bytes of working memory that each thread owns, see src/layout.ts. */
const SCRATCH_BYTES: usize = 32768;
const SCRATCH_BASE: usize = 65536;

export class Scratch {
  /** This thread's own working memory. */
  @inline
  static of(thread: i32): usize {
    return SCRATCH_BASE + <usize>thread * SCRATCH_BYTES;
  }
}
