import { Floats } from './floats';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';
import { Lanes } from './lanes';
import { Scratch } from './memory';
import { TAP_BYTES, Taps } from './taps';

/** Channels that one task of maxPoolGradient handles: a cache line. */
export const POOL_CHANNELS: i32 = 16;

/**
 * y = the largest input of each window, channel by channel. NaN counts as smaller than anything,
 * as on tfjs's cpu backend. Task = `perTask` of the `positions` of y.
 */
export function maxPool(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  y: usize,
  positions: i32,
  perTask: i32,
): void {
  const list = Scratch.of(thread);
  const stride = <usize>g.xc * 4;
  const first = task * perTask;
  const end = min(positions, first + perTask);
  let taps = list;
  let from = x;
  for (let p = first; p < end; p++) {
    if (p > first && Taps.follows(g, p)) {
      from += Taps.step(g);
    } else {
      taps = Taps.seen(g, p, list);
      from = x;
    }
    const to = y + <usize>p * stride;
    let c = 0;
    for (; c + 8 <= g.xc; c += 8) {
      const channel = <usize>c * 4;
      let most = f32x4.splat(-Infinity);
      let other = most;
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = from + Taps.place(at) + channel;
        most = f32x4.pmax(most, v128.load(value));
        other = f32x4.pmax(other, v128.load(value, 16));
      }
      v128.store(to + channel, most);
      v128.store(to + channel, other, 16);
    }
    while (c < g.xc) {
      const whole = c + 4 <= g.xc;
      const channel = <usize>c * 4;
      let most = f32x4.splat(-Infinity);
      for (let at = list; at < taps; at += TAP_BYTES) {
        // The first operand wins where one is NaN.
        most = f32x4.pmax(most, Lanes.load(from + Taps.place(at) + channel, whole));
      }
      Lanes.store(to + channel, most, whole);
      c += whole ? 4 : 1;
    }
  }
}

class Winner {
  /** Adds the gradient of one window to where its largest input lies, for four channels or one. */
  @inline
  static takes(
    list: usize,
    taps: usize,
    x: usize,
    gradient: usize,
    dx: usize,
    last: bool,
    whole: bool,
  ): void {
    let most = f32x4.splat(-Infinity);
    let winner = i32x4.splat(-1);
    for (let at = list; at < taps; at += TAP_BYTES) {
      const value = Lanes.load(x + Taps.place(at), whole);
      const larger = last ? f32x4.ge(value, most) : f32x4.gt(value, most);
      most = v128.bitselect(value, most, larger);
      winner = v128.bitselect(v128.load32_splat(at, 4), winner, larger);
    }
    const dy = Lanes.load(gradient, whole);
    for (let at = list; at < taps; at += TAP_BYTES) {
      const share = v128.and(dy, i32x4.eq(winner, v128.load32_splat(at, 4)));
      Lanes.add(dx + Taps.place(at), share, whole);
    }
  }
}

/**
 * Adds dy to dx where each window has its largest input. If there are several, that is the first
 * one, or the last when `last`. Task = (sample, block of POOL_CHANNELS channels), because windows
 * may overlap.
 */
export function maxPoolGradient(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  dy: usize,
  dx: usize,
  last: bool,
): void {
  const list = Scratch.of(thread);
  const stride = <usize>g.xc * 4;
  const blocks = (g.xc + POOL_CHANNELS - 1) / POOL_CHANNELS;
  const n = task / blocks;
  const first = (task - n * blocks) * POOL_CHANNELS;
  const end = min(g.xc, first + POOL_CHANNELS);
  const inputs = g.xd * g.xh * g.xw;
  for (let p = n * inputs; p < (n + 1) * inputs; p++) {
    Floats.zero(dx + <usize>p * stride + <usize>first * 4, <usize>(end - first) * 4);
  }
  const outputs = g.yd * g.yh * g.yw;
  let taps = list;
  let shift: usize = 0;
  for (let p = n * outputs; p < (n + 1) * outputs; p++) {
    if (p > n * outputs && Taps.follows(g, p)) {
      shift += Taps.step(g);
    } else {
      taps = Taps.seen(g, p, list);
      shift = 0;
    }
    const gradient = dy + <usize>p * stride;
    let c = first;
    for (; c + 4 <= end; c += 4) {
      const channel = <usize>c * 4;
      const at = shift + channel;
      Winner.takes(list, taps, x + at, gradient + channel, dx + at, last, true);
    }
    for (; c < end; c++) {
      const channel = <usize>c * 4;
      const at = shift + channel;
      Winner.takes(list, taps, x + at, gradient + channel, dx + at, last, false);
    }
  }
}

class Mean {
  @inline
  static of(list: usize, taps: usize, from: usize, count: f32, to: usize, whole: bool): void {
    let sum = f32x4.splat(0);
    for (let at = list; at < taps; at += TAP_BYTES) {
      sum = f32x4.add(sum, Lanes.load(from + Taps.place(at), whole));
    }
    Lanes.store(to, f32x4.div(sum, f32x4.splat(count)), whole);
  }
}

/**
 * Forward, the mean of the inputs in each window, without padding; a window of nothing but
 * padding counts `least` inputs. Backward, to = the sum of the gradients of the windows around
 * each input, over the size of a window. Task = `perTask` of the `positions` of `to`.
 */
export function averagePool(
  task: i32,
  thread: i32,
  g: Geometry,
  from: usize,
  to: usize,
  backward: bool,
  least: i32,
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
    const inputs = <i32>((taps - list) / TAP_BYTES);
    const count = <f32>(backward ? g.kd * g.kh * g.kw : max(inputs, least));
    const row = to + <usize>p * stride;
    let c = 0;
    for (; c + 4 <= g.xc; c += 4) {
      const channel = <usize>c * 4;
      Mean.of(list, taps, source + channel, count, row + channel, true);
    }
    for (; c < g.xc; c++) {
      const channel = <usize>c * 4;
      Mean.of(list, taps, source + channel, count, row + channel, false);
    }
  }
}
