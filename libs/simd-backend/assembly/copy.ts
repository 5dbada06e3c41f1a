import { Block } from './block';
import { Floats } from './floats';

/**
 * One outer dimension of a box: its size, and the floats from one index to the next on either
 * side.
 */
@unmanaged
export class BoxAxis {
  size: i32;
  source: i32;
  target: i32;
}

/**
 * Copies a box of `rank` outer dimensions and a plane [rows, columns] between two places with
 * strides of their own, in floats; a source stride of 0 repeats. `box` holds the outer
 * dimensions, one BoxAxis after the other. Task = (outer index, block of `rowsPerTask` rows).
 */
export function copyBox(
  task: i32,
  thread: i32,
  source: usize,
  target: usize,
  box: BoxAxis,
  rank: i32,
  rows: i32,
  sourceRow: i32,
  targetRow: i32,
  columns: i32,
  sourceColumn: i32,
  targetColumn: i32,
  rowsPerTask: i32,
): void {
  const blocks = (rows + rowsPerTask - 1) / rowsPerTask;
  let outer = task / blocks;
  const start = (task - outer * blocks) * rowsPerTask;
  const end = min(rows, start + rowsPerTask);
  for (let d = rank - 1; d >= 0; d--) {
    const entry = changetype<usize>(box) + <usize>d * offsetof<BoxAxis>();
    const axis = changetype<BoxAxis>(entry);
    const at = outer % axis.size;
    outer /= axis.size;
    source += <usize>at * <usize>axis.source * 4;
    target += <usize>at * <usize>axis.target * 4;
  }
  let r = start;
  if (sourceRow === 1 && targetColumn === 1 && sourceColumn > 1) {
    const from = <usize>sourceColumn * 4;
    const to = <usize>targetRow * 4;
    for (; r + 4 <= end; r += 4) {
      const rowSource = source + <usize>r * 4;
      const rowTarget = target + <usize>r * to;
      let c = 0;
      for (; c + 4 <= columns; c += 4) {
        Block.transpose(rowSource + <usize>c * from, from, rowTarget + <usize>c * 4, to);
      }
      for (; c < columns; c++) {
        for (let i = 0; i < 4; i++) {
          const value = load<f32>(rowSource + <usize>c * from + <usize>i * 4);
          store<f32>(rowTarget + <usize>i * to + <usize>c * 4, value);
        }
      }
    }
  }
  for (; r < end; r++) {
    let from = source + <usize>r * <usize>sourceRow * 4;
    let to = target + <usize>r * <usize>targetRow * 4;
    if (sourceColumn === 1 && targetColumn === 1) {
      Floats.copy(to, from, <usize>columns * 4);
      continue;
    }
    for (let c = 0; c < columns; c++) {
      store<f32>(to, load<f32>(from));
      from += <usize>sourceColumn * 4;
      to += <usize>targetColumn * 4;
    }
  }
}

/** Sets `size` floats to a value. Task = `block` floats. */
export function fill(
  task: i32,
  thread: i32,
  target: usize,
  size: i32,
  block: i32,
  value: f32,
): void {
  let to = target + <usize>(task * block) * 4;
  const end = target + <usize>min(size, (task + 1) * block) * 4;
  for (; to + 16 <= end; to += 16) v128.store(to, f32x4.splat(value));
  for (; to < end; to += 4) store<f32>(to, value);
}
