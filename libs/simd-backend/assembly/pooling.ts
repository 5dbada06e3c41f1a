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
  const end = min(positions, (task + 1) * perTask);
  for (let p = task * perTask; p < end; p++) {
    const taps = Taps.seen(g, p, list);
    const to = y + <usize>p * stride;
    for (let c = 0; c < g.xc;) {
      const whole = c + 4 <= g.xc;
      const from = x + <usize>c * 4;
      let most = f32x4.splat(-Infinity);
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = Lanes.load(from + Taps.place(at, stride), whole);
        most = v128.bitselect(value, most, f32x4.gt(value, most));
      }
      Lanes.store(to + <usize>c * 4, most, whole);
      c += whole ? 4 : 1;
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
    const row = dx + <usize>p * stride;
    for (let c = first; c < end; c++) store<f32>(row + <usize>c * 4, 0);
  }
  const outputs = g.yd * g.yh * g.yw;
  for (let p = n * outputs; p < (n + 1) * outputs; p++) {
    const taps = Taps.seen(g, p, list);
    for (let c = first; c < end;) {
      const whole = c + 4 <= end;
      const channel = <usize>c * 4;
      let most = f32x4.splat(-Infinity);
      let winner = i32x4.splat(-1);
      for (let at = list; at < taps; at += TAP_BYTES) {
        const value = Lanes.load(x + Taps.place(at, stride) + channel, whole);
        const larger = last ? f32x4.ge(value, most) : f32x4.gt(value, most);
        most = v128.bitselect(value, most, larger);
        winner = v128.bitselect(v128.load32_splat(at, 4), winner, larger);
      }
      const gradient = Lanes.load(dy + <usize>p * stride + channel, whole);
      for (let at = list; at < taps; at += TAP_BYTES) {
        const share = v128.and(gradient, i32x4.eq(winner, v128.load32_splat(at, 4)));
        Lanes.add(dx + Taps.place(at, stride) + channel, share, whole);
      }
      c += whole ? 4 : 1;
    }
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
  const end = min(positions, (task + 1) * perTask);
  for (let p = task * perTask; p < end; p++) {
    const taps = backward ? Taps.seeing(g, p, list) : Taps.seen(g, p, list);
    const inputs = <i32>((taps - list) / TAP_BYTES);
    const count = backward ? g.kd * g.kh * g.kw : max(inputs, least);
    for (let c = 0; c < g.xc;) {
      const whole = c + 4 <= g.xc;
      const channel = <usize>c * 4;
      let sum = f32x4.splat(0);
      for (let at = list; at < taps; at += TAP_BYTES) {
        sum = f32x4.add(sum, Lanes.load(from + Taps.place(at, stride) + channel, whole));
      }
      const mean = f32x4.div(sum, f32x4.splat(<f32>count));
      Lanes.store(to + <usize>p * stride + channel, mean, whole);
      c += whole ? 4 : 1;
    }
  }
}
