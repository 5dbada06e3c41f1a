import { Floats } from './floats';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';
import { Lanes } from './lanes';
import { Scratch } from './memory';
import { TAP_BYTES, Taps } from './taps';
import { Vector } from './vector';

/** Channels that one task of depthwiseFilterGradient handles. */
export const DEPTHWISE_CHANNELS: i32 = 32;

/**
 * A convolution of each channel with a filter [kernel, channels] of its own. Backward, its
 * gradient for the input: `from` is then dy and `to` dx. Task = `perTask` of the `positions` of
 * `to`.
 */
export function depthwise(
  task: i32,
  thread: i32,
  g: Geometry,
  from: usize,
  filter: usize,
  to: usize,
  backward: bool,
  positions: i32,
  perTask: i32,
): void {
  const list = Scratch.of(thread);
  const stride = <usize>g.xc * 4;
  const first = task * perTask;
  const end = min(positions, first + perTask);
  let taps = list;
  let source = from;
  for (let p = first; p < end; p++) {
    if (!backward && p > first && Taps.follows(g, p)) {
      source += Taps.step(g);
    } else {
      taps = backward ? Taps.seeing(g, p, list) : Taps.seen(g, p, list);
      source = from;
    }
    const row = to + <usize>p * stride;
    let c = 0;
    for (; c + 16 <= g.xc; c += 16) {
      const channel = <usize>c * 4;
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = source + Taps.place(at) + channel;
        const weight = filter + Taps.index(at) + channel;
        s0 = Vector.madd(v128.load(value), v128.load(weight), s0);
        s1 = Vector.madd(v128.load(value, 16), v128.load(weight, 16), s1);
        s2 = Vector.madd(v128.load(value, 32), v128.load(weight, 32), s2);
        s3 = Vector.madd(v128.load(value, 48), v128.load(weight, 48), s3);
      }
      v128.store(row + channel, s0);
      v128.store(row + channel, s1, 16);
      v128.store(row + channel, s2, 32);
      v128.store(row + channel, s3, 48);
    }
    while (c < g.xc) {
      const whole = c + 4 <= g.xc;
      const channel = <usize>c * 4;
      let sum = f32x4.splat(0);
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = Lanes.load(source + Taps.place(at) + channel, whole);
        const weight = Lanes.load(filter + Taps.index(at) + channel, whole);
        sum = Vector.madd(value, weight, sum);
      }
      Lanes.store(row + channel, sum, whole);
      c += whole ? 4 : 1;
    }
  }
}

class Product {
  @inline
  static add(a: usize, b: usize, to: usize, at: usize, whole: bool): void {
    const left = Lanes.load(a + at, whole);
    const right = Lanes.load(b + at, whole);
    Lanes.store(to + at, Vector.madd(left, right, Lanes.load(to + at, whole)), whole);
  }
}

/**
 * The gradient for the filter of such a convolution, over slices of `perSlice` outputs: out
 * [slices, kernel, channels]. Task = (slice, block of DEPTHWISE_CHANNELS channels).
 */
export function depthwiseFilterGradient(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  dy: usize,
  out: usize,
  positions: i32,
  perSlice: i32,
): void {
  const list = Scratch.of(thread);
  const stride = <usize>g.xc * 4;
  const blocks = (g.xc + DEPTHWISE_CHANNELS - 1) / DEPTHWISE_CHANNELS;
  const slice = task / blocks;
  const first = (task - slice * blocks) * DEPTHWISE_CHANNELS;
  const last = min(g.xc, first + DEPTHWISE_CHANNELS);
  const size = g.kd * g.kh * g.kw;
  out += <usize>slice * <usize>size * stride;
  for (let k = 0; k < size; k++) {
    Floats.zero(out + <usize>k * stride + <usize>first * 4, <usize>(last - first) * 4);
  }
  const begin = slice * perSlice;
  const end = min(positions, begin + perSlice);
  let taps = list;
  let source = x;
  for (let p = begin; p < end; p++) {
    if (p > begin && Taps.follows(g, p)) {
      source += Taps.step(g);
    } else {
      taps = Taps.seen(g, p, list);
      source = x;
    }
    const row = dy + <usize>p * stride;
    for (let at = list; at < taps; at += TAP_BYTES) {
      const from = source + Taps.place(at);
      const to = out + Taps.index(at);
      let c = first;
      for (; c + 4 <= last; c += 4) Product.add(from, row, to, <usize>c * 4, true);
      for (; c < last; c++) Product.add(from, row, to, <usize>c * 4, false);
    }
  }
}
