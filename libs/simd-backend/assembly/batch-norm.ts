import { Lanes } from './lanes';
import { Scratch } from './memory';
import { Vector } from './vector';

/*
 * Batch normalization of rows [rows, channels] with an activation f(z) = z above 0, slope z
 * below. Each task writes its sums to its own part of `partial` [tasks, 2, channels]. TypeScript
 * adds the parts in double precision. Task = `rowsPerTask` rows in all four kernels.
 */

/**
 * Rows that are summed before their sum is added to the partial sums. This bounds the rounding
 * error.
 */
const ROWS = 16;
/** Channels whose sums over so many rows stay in the L1 cache. */
const CHANNELS = 512;

class Activation {
  /** f'(z) by the sign of f(z), which is that of z. */
  @inline
  static derivative(y: v128, slope: v128): v128 {
    return v128.bitselect(f32x4.splat(1), slope, f32x4.gt(y, f32x4.splat(0)));
  }
}

/**
 * Sums of x - origin and of (x - origin)^2 for each channel. `origin` is a row of x. It is near
 * the mean, so the variance does not cancel as it may around zero.
 */
export function batchNormSums(
  task: i32,
  thread: i32,
  x: usize,
  origin: usize,
  partial: usize,
  rows: i32,
  channels: i32,
  rowsPerTask: i32,
): void {
  const row = <usize>channels * 4;
  const sums = partial + <usize>task * 2 * row;
  memory.fill(sums, 0, 2 * row);
  const end = min(rows, (task + 1) * rowsPerTask);
  for (let r0 = task * rowsPerTask; r0 < end; r0 += ROWS) {
    const r1 = min(end, r0 + ROWS);
    for (let c = 0; c < channels;) {
      const whole = c + 4 <= channels;
      const at = <usize>c * 4;
      const shift = Lanes.load(origin + at, whole);
      let s0 = f32x4.splat(0);
      let s1 = f32x4.splat(0);
      let from = x + <usize>r0 * row + at;
      for (let r = r0; r < r1; r++) {
        const value = f32x4.sub(Lanes.load(from, whole), shift);
        s0 = f32x4.add(s0, value);
        s1 = Vector.madd(value, value, s1);
        from += row;
      }
      Lanes.add(sums + at, s0, whole);
      Lanes.add(sums + row + at, s1, whole);
      c += whole ? 4 : 1;
    }
  }
}

/** y = f((x - mean) scale + shift) */
export function batchNormApply(
  task: i32,
  thread: i32,
  x: usize,
  y: usize,
  mean: usize,
  scale: usize,
  shift: usize,
  rows: i32,
  channels: i32,
  rowsPerTask: i32,
  slope: f32,
): void {
  const below = f32x4.splat(slope);
  const row = <usize>channels * 4;
  const first = task * rowsPerTask;
  const end = min(rows, first + rowsPerTask);
  let from = x + <usize>first * row;
  let to = y + <usize>first * row;
  for (let r = first; r < end; r++) {
    for (let c = 0; c < channels;) {
      const whole = c + 4 <= channels;
      const at = <usize>c * 4;
      const centered = f32x4.sub(Lanes.load(from + at, whole), Lanes.load(mean + at, whole));
      const z = Vector.madd(centered, Lanes.load(scale + at, whole), Lanes.load(shift + at, whole));
      const negative = f32x4.lt(z, f32x4.splat(0));
      Lanes.store(to + at, v128.bitselect(f32x4.mul(z, below), z, negative), whole);
      c += whole ? 4 : 1;
    }
    from += row;
    to += row;
  }
}

/** Sums of dz and of dz (x - mean) for each channel, where dz = dy f'(z). */
export function batchNormGradientSums(
  task: i32,
  thread: i32,
  x: usize,
  y: usize,
  dy: usize,
  mean: usize,
  partial: usize,
  rows: i32,
  channels: i32,
  rowsPerTask: i32,
  slope: f32,
): void {
  const below = f32x4.splat(slope);
  const row = <usize>channels * 4;
  const sums = partial + <usize>task * 2 * row;
  memory.fill(sums, 0, 2 * row);
  const end = min(rows, (task + 1) * rowsPerTask);
  for (let r0 = task * rowsPerTask; r0 < end; r0 += ROWS) {
    const r1 = min(end, r0 + ROWS);
    for (let c0 = 0; c0 < channels; c0 += CHANNELS) {
      const width = min(CHANNELS, channels - c0);
      const first = Scratch.of(thread);
      const second = first + CHANNELS * 4;
      memory.fill(first, 0, CHANNELS * 8);
      for (let r = r0; r < r1; r++) {
        const center = mean + <usize>c0 * 4;
        const offset = <usize>r * row + <usize>c0 * 4;
        for (let c = 0; c < width;) {
          const whole = c + 4 <= width;
          const at = <usize>c * 4;
          const derivative = Activation.derivative(Lanes.load(y + offset + at, whole), below);
          const dz = f32x4.mul(Lanes.load(dy + offset + at, whole), derivative);
          const value = Lanes.load(x + offset + at, whole);
          const centered = f32x4.sub(value, Lanes.load(center + at, whole));
          const product = Vector.madd(dz, centered, Lanes.load(second + at, whole));
          Lanes.add(first + at, dz, whole);
          Lanes.store(second + at, product, whole);
          c += whole ? 4 : 1;
        }
      }
      const to = sums + <usize>c0 * 4;
      for (let c = 0; c < width;) {
        const whole = c + 4 <= width;
        const at = <usize>c * 4;
        Lanes.add(to + at, Lanes.load(first + at, whole), whole);
        Lanes.add(to + row + at, Lanes.load(second + at, whole), whole);
        c += whole ? 4 : 1;
      }
    }
  }
}

/** dx = a dz + b (x - mean) + c, where dz = dy f'(z); a, b and c [channels]. */
export function batchNormGradient(
  task: i32,
  thread: i32,
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  mean: usize,
  ka: usize,
  kb: usize,
  kc: usize,
  rows: i32,
  channels: i32,
  rowsPerTask: i32,
  slope: f32,
): void {
  const below = f32x4.splat(slope);
  const row = <usize>channels * 4;
  const first = task * rowsPerTask;
  const end = min(rows, first + rowsPerTask);
  let base = <usize>first * row;
  for (let r = first; r < end; r++) {
    for (let c = 0; c < channels;) {
      const whole = c + 4 <= channels;
      const at = <usize>c * 4;
      const offset = base + at;
      const derivative = Activation.derivative(Lanes.load(y + offset, whole), below);
      const dz = f32x4.mul(Lanes.load(dy + offset, whole), derivative);
      const centered = f32x4.sub(Lanes.load(x + offset, whole), Lanes.load(mean + at, whole));
      const constant = Lanes.load(kc + at, whole);
      const linear = Vector.madd(centered, Lanes.load(kb + at, whole), constant);
      Lanes.store(dx + offset, Vector.madd(dz, Lanes.load(ka + at, whole), linear), whole);
      c += whole ? 4 : 1;
    }
    base += row;
  }
}
