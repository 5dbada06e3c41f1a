import { Scratch } from '../memory';
import { Axis, CHANNEL_BLOCK } from './axis';
import { phases, points, taps } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * w = G' U, the adjoint of winogradFilter, from plain rows: element (point, phase, ci, co) of U
 * is at `u + point*uPoint + phase*uPhase + ci*uRow + co*4`; w is [taps, xc, yc]. Task = ci.
 */
export function winogradFilterAdjoint(
  task: i32,
  thread: i32,
  plan: Plan,
  u: usize,
  w: usize,
  uPoint: usize,
  uPhase: usize,
  uRow: usize,
): void {
  const lanes = plan.yc;
  const tap = <usize>(plan.xc * lanes) * 4;
  for (let lane = 0; lane < lanes; lane += CHANNEL_BLOCK) {
    const lines = min(CHANNEL_BLOCK, lanes - lane) >> 2;
    const from = u + <usize>task * uRow + <usize>lane * 4;
    const to = w + <usize>(task * lanes + lane) * 4;
    transform(plan, from, uPoint, uPhase, Scratch.of(thread), to, tap, lines);
  }
}

/**
 * Filters that lie side by side: points and phases at `from` to taps at `out`, `tap` bytes apart.
 */
function transform(
  plan: Plan,
  from: usize,
  uPoint: usize,
  uPhase: usize,
  alongD: usize,
  out: usize,
  tap: usize,
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
  const alongH = alongD + <usize>td * stepD;
  const nextD = <usize>(ph * pw) * uPoint;
  for (let e = 0; e < fw; e++) {
    for (let g = 0; g < fh; g++) {
      for (let f = 0; f < fd; f++) {
        const at = from + <usize>((f * fh + g) * fw + e) * uPhase;
        for (let p = 0; p < ph * pw; p++) {
          const to = alongD + <usize>p * stepW;
          Axis.filterAdjoint(kd, f, at + <usize>p * uPoint, nextD, to, stepD, lines);
        }
      }
      for (let i = 0; i < td; i++) {
        const at = alongD + <usize>i * stepD;
        const to = alongH + <usize>(i * th) * stepH;
        for (let k = 0; k < pw; k++) {
          const offset = <usize>k * stepW;
          Axis.filterAdjoint(kh, g, at + offset, stepH, to + offset, stepH, lines);
        }
      }
    }
    for (let t = 0; t < td * th; t++) {
      const to = out + <usize>(t * tw) * tap;
      Axis.filterAdjoint(kw, e, alongH + <usize>t * stepH, stepW, to, tap, lines);
    }
  }
}
