import { Tile2 } from './tile2';
import { Tile4 } from './tile4';

/*
 * How one axis of the convolution is cut into tiles:
 *
 *   0  kernel 1, stride 1: nothing to transform
 *   1  two inputs, two taps and one output: a phase each, nothing to transform
 *   2  kernel 4, stride 2, padding 1 in tiles of two outputs, F(2,2) on each phase
 *   4  the same in tiles of four outputs, F(4,2)
 *
 * Phase f of a tile holds every second input, those that taps f and f + 2 meet: input number 2p + f of a tile is number
 * p of phase f.
 *
 * Transforms take parallel lines, see tile2.ts.
 */

/** Channels that are transformed side by side: long runs of memory, few enough for tiles to stay in the L1 cache. */
export const BLOCK: i32 = 32;

export class Axis {
  @inline
  static phases(kind: i32): i32 {
    return kind === 0 ? 1 : 2;
  }

  @inline
  static taps(kind: i32): i32 {
    return kind < 2 ? kind + 1 : 4;
  }

  /** Multiplications an axis needs for one tile and phase. */
  @inline
  static points(kind: i32): i32 {
    return kind < 2 ? 1 : kind + 1;
  }

  @inline
  static outputs(kind: i32): i32 {
    return kind < 2 ? 1 : kind;
  }

  /** The first input of a tile; before the axis where it is padding. */
  @inline
  static firstInput(kind: i32, tile: i32): i32 {
    return kind === 0 ? tile : kind === 1 ? 0 : 2 * kind * tile - 1;
  }

  /** Copies one vector of each line. */
  static copy(from: usize, to: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      v128.store(to, v128.load(from));
      from += 16;
      to += 16;
    }
  }

  @inline
  static input(kind: i32, from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    if (kind === 4) Tile4.input(from, step, to, toStep, lines);
    else if (kind === 2) Tile2.input(from, step, to, toStep, lines);
    else if (from !== to) Axis.copy(from, to, lines);
  }

  @inline
  static inputAdjoint(
    kind: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    lines: i32,
  ): void {
    if (kind === 4) Tile4.inputAdjoint(from, step, to, toStep, lines);
    else if (kind === 2) Tile2.inputAdjoint(from, step, to, toStep, lines);
    else if (from !== to) Axis.copy(from, to, lines);
  }

  @inline
  static output(kind: i32, from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    if (kind === 4) Tile4.output(from, step, to, toStep, lines);
    else if (kind === 2) Tile2.output(from, step, to, toStep, lines);
    else if (from !== to) Axis.copy(from, to, lines);
  }

  @inline
  static outputAdjoint(
    kind: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    lines: i32,
  ): void {
    if (kind === 4) Tile4.outputAdjoint(from, step, to, toStep, lines);
    else if (kind === 2) Tile2.outputAdjoint(from, step, to, toStep, lines);
    else if (from !== to) Axis.copy(from, to, lines);
  }

  /** Taps of phase `f`, from tap 0 at `from`, to the points of that phase. */
  @inline
  static filter(
    kind: i32,
    f: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    lines: i32,
  ): void {
    from += <usize>f * step;
    if (kind === 4) Tile4.filter(from, 2 * step, to, toStep, lines);
    else if (kind === 2) Tile2.filter(from, 2 * step, to, toStep, lines);
    else Axis.copy(from, to, lines);
  }

  /** The adjoint of `filter`: writes the taps of phase `f`. */
  @inline
  static filterAdjoint(
    kind: i32,
    f: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    lines: i32,
  ): void {
    to += <usize>f * toStep;
    if (kind === 4) Tile4.filterAdjoint(from, step, to, 2 * toStep, lines);
    else if (kind === 2) Tile2.filterAdjoint(from, step, to, 2 * toStep, lines);
    else Axis.copy(from, to, lines);
  }
}
