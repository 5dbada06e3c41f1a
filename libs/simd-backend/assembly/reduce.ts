import { Floats } from './floats';
import { Lanes } from './lanes';
import { Vector } from './vector';

/** Columns that one task of sumRows adds up: whole cache lines. */
export const SUM_COLUMNS: i32 = 64;

/**
 * Sums slices of rows: out[s] = scale * (sum of `length` rows of `inner` floats from slice s),
 * rows in order; the last slice has `lastLength`. Adds to `out` when `accumulate`. Task = (slice,
 * block of SUM_COLUMNS columns).
 */
export function sumRows(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  slices: i32,
  length: i32,
  lastLength: i32,
  inner: i32,
  sliceStride: usize,
  rowStride: usize,
  scale: f32,
  accumulate: bool,
): void {
  const blocks = (inner + SUM_COLUMNS - 1) / SUM_COLUMNS;
  const slice = task / blocks;
  const start = (task - slice * blocks) * SUM_COLUMNS;
  const end = min(inner, start + SUM_COLUMNS);
  const rows = slice === slices - 1 ? lastLength : length;
  x += <usize>slice * sliceStride;
  out += <usize>slice * <usize>inner * 4;
  for (let i = start; i < end;) {
    const whole = i + 4 <= end;
    const to = out + <usize>i * 4;
    let from = x + <usize>i * 4;
    let sum = f32x4.splat(0);
    for (let r = 0; r < rows; r++) {
      sum = f32x4.add(sum, Lanes.load(from, whole));
      from += rowStride;
    }
    sum = f32x4.mul(sum, f32x4.splat(scale));
    if (accumulate) Lanes.add(to, sum, whole);
    else Lanes.store(to, sum, whole);
    i += whole ? 4 : 1;
  }
}

/** Sums each of `rows` rows of `length` floats, times scale. Task = `rowsPerTask` rows. */
export function sumColumns(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  rows: i32,
  length: i32,
  rowsPerTask: i32,
  scale: f32,
): void {
  const end = min(rows, (task + 1) * rowsPerTask);
  for (let r = task * rowsPerTask; r < end; r++) {
    let from = x + <usize>r * <usize>length * 4;
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let i = 0;
    for (; i + 8 <= length; i += 8) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      from += 32;
    }
    let sum = Vector.sum(f32x4.add(s0, s1));
    for (; i < length; i++) {
      sum += load<f32>(from);
      from += 4;
    }
    store<f32>(out + <usize>r * 4, sum * scale);
  }
}

/**
 * The largest of each of `rows` rows of `length` floats; NaN if one is NaN. Task = `rowsPerTask`
 * rows.
 */
export function maxColumns(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  rows: i32,
  length: i32,
  rowsPerTask: i32,
): void {
  const end = min(rows, (task + 1) * rowsPerTask);
  for (let r = task * rowsPerTask; r < end; r++) {
    const most = Floats.max(x + <usize>r * <usize>length * 4, length);
    v128.store_lane<f32>(out + <usize>r * 4, most, 0);
  }
}
