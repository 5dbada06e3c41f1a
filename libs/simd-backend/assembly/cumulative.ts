import { Lanes } from './lanes';
import { SUM_COLUMNS } from './reduce';

/**
 * Running sums along the middle axis of x [outer, size, inner]: of all values up to each, itself
 * included unless `exclusive`; from the end on when `reverse`. Task = (outer, block of
 * SUM_COLUMNS columns of inner).
 */
export function cumulativeSum(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  inner: i32,
  exclusive: bool,
  reverse: bool,
): void {
  const blocks = (inner + SUM_COLUMNS - 1) / SUM_COLUMNS;
  const outer = task / blocks;
  const start = (task - outer * blocks) * SUM_COLUMNS;
  const end = min(inner, start + SUM_COLUMNS);
  const stride = <usize>inner * 4;
  for (let c = start; c < end;) {
    const whole = c + 4 <= end;
    let sum = f32x4.splat(0);
    for (let i = 0; i < size; i++) {
      const row = outer * size + (reverse ? size - 1 - i : i);
      const at = <usize>row * stride + <usize>c * 4;
      const next = f32x4.add(sum, Lanes.load(x + at, whole));
      Lanes.store(out + at, exclusive ? sum : next, whole);
      sum = next;
    }
    c += whole ? 4 : 1;
  }
}
