/*
 * The map of the shared memory, in bytes. src/layout.ts has what lies below STATIC_BASE (the
 * worker pool's control words) and above the scratch memory (tensors).
 */

/**
 * A product sums at most this many terms in registers: sixteen columns of B of this length fill
 * half of the L1 cache.
 */
export const TERM_BLOCK: i32 = 256;
/** Most rows of A that one task of a product may take. */
export const ROW_BLOCK: i32 = 128;
/** Most columns of B that it may take. */
export const COLUMN_BLOCK: i32 = 256;
/** Bytes after each packed panel of B, so that panels do not meet in the same cache sets. */
export const PANEL_PAD: usize = 64;

/** Static data of the WebAssembly module. */
export const STATIC_BASE: usize = 1024;
/** Scratch memory: `SCRATCH_BYTES` for each thread. */
export const SCRATCH_BASE: usize = 65536;
/** Winograd tiles, or a tile of a product before it is merged into the result. */
export const TILE_BYTES: usize = 163840;
/**
 * The packed rows and columns of a product, or the lines that a direct convolution sees, with
 * padding.
 */
export const PANEL_BYTES: usize =
  (ROW_BLOCK + COLUMN_BLOCK) * TERM_BLOCK * 4 + COLUMN_BLOCK * PANEL_PAD;
/** Scratch memory of one thread. */
export const SCRATCH_BYTES: usize = TILE_BYTES + PANEL_BYTES;
/** Most pages of 64 KiB that the memory may have. 32-bit addresses reach no further. */
export const MAX_PAGES: i32 = 65536;

export class Scratch {
  /** This thread's own memory for tiles. */
  @inline
  static of(thread: i32): usize {
    return SCRATCH_BASE + <usize>thread * SCRATCH_BYTES;
  }

  /** This thread's own room for ROW_BLOCK rows of TERM_BLOCK terms. */
  @inline
  static panels(thread: i32): usize {
    return Scratch.of(thread) + TILE_BYTES;
  }

  /** After it, room for COLUMN_BLOCK columns of TERM_BLOCK terms. */
  @inline
  static columns(thread: i32): usize {
    return Scratch.panels(thread) + ROW_BLOCK * TERM_BLOCK * 4;
  }
}
