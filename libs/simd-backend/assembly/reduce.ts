/** Columns of which one task sums: whole cache lines. */
const BLOCK = 64;

/**
 * Sums over the middle axis of [outer, length, inner], in row order; adds to `out` when `accumulate`. Task = (outer, block of 64 inner).
 */
export function sumMiddle(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  length: i32,
  inner: i32,
  outerStride: usize,
  rowStride: usize,
  accumulate: bool,
): void {
  const blocks = (inner + BLOCK - 1) / BLOCK;
  const outer = task / blocks;
  const start = (task - outer * blocks) * BLOCK;
  const end = min(inner, start + BLOCK);
  x += <usize>outer * outerStride;
  out += <usize>outer * <usize>inner * 4;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    let from = x + <usize>i * 4;
    let sum = accumulate ? v128.load(out + <usize>i * 4) : f32x4.splat(0);
    for (let r = 0; r < length; r++) {
      sum = f32x4.add(sum, v128.load(from));
      from += rowStride;
    }
    v128.store(out + <usize>i * 4, sum);
  }
  for (; i < end; i++) {
    let from = x + <usize>i * 4;
    let sum: f32 = accumulate ? load<f32>(out + <usize>i * 4) : 0;
    for (let r = 0; r < length; r++) {
      sum += load<f32>(from);
      from += rowStride;
    }
    store<f32>(out + <usize>i * 4, sum);
  }
}
