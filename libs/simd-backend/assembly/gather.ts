import { Floats } from './floats';
import { SUM_COLUMNS } from './reduce';

/**
 * Takes slices of `slice` floats out of x [batch, outer, size, slice] by number, into out [batch,
 * outer, count, slice]; `indices` is [batch, count], 32-bit integers below `size`. Task =
 * `perTask` of the `rows` = batch * outer * count slices.
 */
export function gather(
  task: i32,
  thread: i32,
  x: usize,
  indices: usize,
  out: usize,
  rows: i32,
  outer: i32,
  size: i32,
  count: i32,
  slice: i32,
  perTask: i32,
): void {
  const end = min(rows, (task + 1) * perTask);
  const bytes = <usize>slice * 4;
  for (let r = task * perTask; r < end; r++) {
    const block = r / count;
    const i = (block / outer) * count + (r - block * count);
    const index = load<i32>(indices + <usize>i * 4);
    Floats.copy(out + <usize>r * bytes, x + <usize>(block * size + index) * bytes, bytes);
  }
}

/**
 * Adds each of `rows` rows of `length` floats to the row of `out` [segments, length] that `ids`
 * names, rows in order; rows of no segment are left out. Task = block of SUM_COLUMNS columns.
 */
export function segmentSum(
  task: i32,
  thread: i32,
  x: usize,
  ids: usize,
  out: usize,
  rows: i32,
  segments: i32,
  length: i32,
): void {
  const start = <usize>(task * SUM_COLUMNS) * 4;
  const stride = <usize>length * 4;
  const bytes = <usize>min(length - task * SUM_COLUMNS, SUM_COLUMNS) * 4;
  for (let s = 0; s < segments; s++) Floats.zero(out + <usize>s * stride + start, bytes);
  for (let r = 0; r < rows; r++) {
    const id = load<i32>(ids + <usize>r * 4);
    if (<u32>id >= <u32>segments) continue;
    Floats.add(out + <usize>id * stride + start, x + <usize>r * stride + start, bytes);
  }
}
