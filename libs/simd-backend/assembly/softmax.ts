import { Exponential } from './elementwise/exponential';
import { Lanes } from './lanes';

/** The sum and the largest of four floats. */
class Across {
  @inline
  static add(v: v128): f32 {
    return (
      f32x4.extract_lane(v, 0) +
      f32x4.extract_lane(v, 1) +
      (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
    );
  }

  @inline
  static max(v: v128): v128 {
    const halves = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    return f32x4.max(halves, v128.shuffle<f32>(halves, halves, 1, 1, 1, 1));
  }
}

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
    let most = f32x4.splat(-Infinity);
    for (let i = 0; i < length;) {
      const whole = i + 4 <= length;
      most = f32x4.max(most, Lanes.load(from + <usize>i * 4, whole));
      i += whole ? 4 : 1;
    }
    most = v128.shuffle<f32>(Across.max(most), most, 0, 0, 0, 0);
    let sums = f32x4.splat(0);
    let rest: f32 = 0;
    for (let i = 0; i < length;) {
      const whole = i + 4 <= length;
      const at = <usize>i * 4;
      const e = Exponential.exp(f32x4.sub(Lanes.load(from + at, whole), most));
      Lanes.store(to + at, e, whole);
      if (whole) sums = f32x4.add(sums, e);
      else rest += f32x4.extract_lane(e, 0);
      i += whole ? 4 : 1;
    }
    const sum = f32x4.splat(Across.add(sums) + rest);
    for (let i = 0; i < length;) {
      const whole = i + 4 <= length;
      const at = to + <usize>i * 4;
      Lanes.store(at, f32x4.div(Lanes.load(at, whole), sum), whole);
      i += whole ? 4 : 1;
    }
  }
}
