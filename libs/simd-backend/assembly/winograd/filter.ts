import { Scratch } from '../memory';
import { Axis, CHANNEL_BLOCK } from './axis';
import { phases, points, taps } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * U = G w: transforms filters w [taps, xc, yc] into plain rows: element (point, phase, ci, co) of
 * U is at `u + point*uPoint + phase*uPhase + ci*uRow + co*4`. Task = ci.
 */
export function winogradFilter(
  task: i32,
  thread: i32,
  plan: Plan,
  w: usize,
  u: usize,
  uPoint: usize,
  uPhase: usize,
  uRow: usize,
): void {
  const lanes = plan.yc;
  const tap = <usize>(plan.xc * lanes) * 4;
  for (let lane = 0; lane < lanes; lane += CHANNEL_BLOCK) {
    const lines = min(CHANNEL_BLOCK, lanes - lane) >> 2;
    const from = w + <usize>(task * lanes + lane) * 4;
    const to = u + <usize>task * uRow + <usize>lane * 4;
    transform(plan, from, tap, Scratch.of(thread), to, uPoint, uPhase, lines);
  }
}

/**
 * Filters that lie side by side: taps at `from`, `tap` bytes apart, to points and phases at
 * `out`.
 */
function transform(
  plan: Plan,
  from: usize,
  tap: usize,
  alongW: usize,
  out: usize,
  uPoint: usize,
  uPhase: usize,
  lines: i32,
): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const fd = phases(kd);
  const fh = phases(kh);
  const fw = phases(kw);
  const ph = points(kh);
  const pw = points(kw);
  const td = taps(kd);
  const th = taps(kh);
  const tw = taps(kw);
  const stepW = (<usize>lines) << 4;
  const stepH = <usize>pw * stepW;
  const stepD = <usize>ph * stepH;
  const alongH = alongW + <usize>(td * th) * stepH;
  const nextD = <usize>(ph * pw) * uPoint;
  for (let e = 0; e < fw; e++) {
    for (let t = 0; t < td * th; t++) {
      const at = from + <usize>(t * tw) * tap;
      Axis.filter(kw, e, at, tap, alongW + <usize>t * stepH, stepW, lines);
    }
    for (let g = 0; g < fh; g++) {
      for (let i = 0; i < td; i++) {
        const at = alongW + <usize>(i * th) * stepH;
        const to = alongH + <usize>i * stepD;
        for (let k = 0; k < pw; k++) {
          const offset = <usize>k * stepW;
          Axis.filter(kh, g, at + offset, stepH, to + offset, stepH, lines);
        }
      }
      for (let f = 0; f < fd; f++) {
        const phase = out + <usize>((f * fh + g) * fw + e) * uPhase;
        for (let p = 0; p < ph * pw; p++) {
          const at = alongH + <usize>p * stepW;
          Axis.filter(kd, f, at, stepD, phase + <usize>p * uPoint, nextD, lines);
        }
      }
    }
  }
}
