import { Exponential } from './elementwise/exponential';
import { Floats } from './floats';
import { Vector } from './vector';

/**
 * Each of `rows` rows of `length` floats as probabilities: e^(x - max) over their sum. Task =
 * `rowsPerTask` rows.
 */
export function softmax(
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
    const from = x + <usize>r * <usize>length * 4;
    const to = out + <usize>r * <usize>length * 4;
    const whole = length & ~3;
    // A NaN that this passes over becomes NaN in the sum.
    const most = Floats.pmax(from, length);
    let sums = f32x4.splat(0);
    let others = sums;
    let first = 0;
    // Two at a time, because each waits for its own steps.
    for (; first + 8 <= whole; first += 8) {
      const at = <usize>first * 4;
      const e = Exponential.exp(f32x4.sub(v128.load(from + at), most));
      const other = Exponential.exp(f32x4.sub(v128.load(from + at, 16), most));
      v128.store(to + at, e);
      v128.store(to + at, other, 16);
      sums = f32x4.add(sums, e);
      others = f32x4.add(others, other);
    }
    if (first < whole) {
      const at = <usize>first * 4;
      const e = Exponential.exp(f32x4.sub(v128.load(from + at), most));
      v128.store(to + at, e);
      sums = f32x4.add(sums, e);
    }
    let sum = Vector.sum(f32x4.add(sums, others));
    for (let i = whole; i < length; i++) {
      const x = v128.load32_splat(from + <usize>i * 4);
      const e = f32x4.extract_lane(Exponential.exp(f32x4.sub(x, most)), 0);
      store<f32>(to + <usize>i * 4, e);
      sum += e;
    }
    for (let i = 0; i < whole; i += 4) {
      const at = to + <usize>i * 4;
      v128.store(at, f32x4.div(v128.load(at), f32x4.splat(sum)));
    }
    for (let i = whole; i < length; i++) {
      const at = to + <usize>i * 4;
      store<f32>(at, load<f32>(at) / sum);
    }
  }
}
