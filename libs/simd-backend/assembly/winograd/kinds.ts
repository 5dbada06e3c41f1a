/*
 * How one axis of a convolution is cut into tiles:
 *
 *   0  kernel 1, stride 1: nothing to transform
 *   1  two inputs, two taps and one output: one of each for a phase, nothing to transform
 *   2  kernel 4, stride 2, padding 1 in tiles of two outputs, F(2,2) on each phase
 *   4  the same in tiles of four outputs, F(4,2)
 *
 * Phase f of a tile holds every second input, those that taps f and f + 2 meet. Input number 2p +
 * f of a tile is number p of phase f.
 */

/** Phases that the inputs of an axis are sorted into. */
export function phases(kind: i32): i32 {
  return kind === 0 ? 1 : 2;
}

/** Taps of the kernel. */
export function taps(kind: i32): i32 {
  return kind < 2 ? kind + 1 : 4;
}

/** Multiplications for one tile and phase. */
export function points(kind: i32): i32 {
  return kind < 2 ? 1 : kind + 1;
}

/** Outputs of one tile. */
export function outputs(kind: i32): i32 {
  return kind < 2 ? 1 : kind;
}
