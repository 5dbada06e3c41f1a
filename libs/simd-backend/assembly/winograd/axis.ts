import { Tile2 } from './tile2';
import { Tile4 } from './tile4';

/**
 * Channels that are transformed side by side: runs of memory that are long enough to be read ahead,
 * but few enough for a tile to stay in the caches.
 */
export const CHANNEL_BLOCK: i32 = 128;

/**
 * The transforms of one axis by its kind, see kinds.ts. They take parallel lines, see tile2.ts.
 */
export class Axis {
  /** The first input of a tile. It is negative where it is padding. */
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
