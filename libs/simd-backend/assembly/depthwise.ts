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
  const end = min(positions, (task + 1) * perTask);
  for (let p = task * perTask; p < end; p++) {
    const taps = backward ? Taps.seeing(g, p, list) : Taps.seen(g, p, list);
    const row = to + <usize>p * stride;
    let c = 0;
    for (; c + 16 <= g.xc; c += 16) {
      const channel = <usize>c * 4;
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = from + Taps.place(at, stride) + channel;
        const weight = filter + Taps.index(at, stride) + channel;
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
        const value = Lanes.load(from + Taps.place(at, stride) + channel, whole);
        const weight = Lanes.load(filter + Taps.index(at, stride) + channel, whole);
        sum = Vector.madd(value, weight, sum);
      }
      Lanes.store(row + channel, sum, whole);
      c += whole ? 4 : 1;
    }
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
    for (let c = first; c < last; c++) store<f32>(out + <usize>k * stride + <usize>c * 4, 0);
  }
  const end = min(positions, (slice + 1) * perSlice);
  for (let p = slice * perSlice; p < end; p++) {
    const taps = Taps.seen(g, p, list);
    const row = dy + <usize>p * stride;
    for (let at = list; at < taps; at += TAP_BYTES) {
      const from = x + Taps.place(at, stride);
      const to = out + Taps.index(at, stride);
      for (let c = first; c < last;) {
        const whole = c + 4 <= last;
        const channel = <usize>c * 4;
        const value = Lanes.load(from + channel, whole);
        const gradient = Lanes.load(row + channel, whole);
        const sum = Lanes.load(to + channel, whole);
        Lanes.store(to + channel, Vector.madd(value, gradient, sum), whole);
        c += whole ? 4 : 1;
      }
    }
  }
}
