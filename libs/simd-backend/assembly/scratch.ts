/** Bytes of working memory that each thread owns, see src/layout.ts: tiles first, then panels of a matrix product. */
const TILE_BYTES: usize = 32768;
const PANEL_BYTES: usize = 262144;
const SCRATCH_BASE: usize = 65536;

export class Scratch {
  /** This thread's own working memory for tiles. */
  @inline
  static of(thread: i32): usize {
    return SCRATCH_BASE + <usize>thread * (TILE_BYTES + PANEL_BYTES);
  }

  /** This thread's own room for 128 rows of 512 terms. */
  @inline
  static panels(thread: i32): usize {
    return Scratch.of(thread) + TILE_BYTES;
  }
}
