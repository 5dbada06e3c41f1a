import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * w = G' U, the adjoint of winogradFilter, from plain rows: element (point, phase, ci, co) of U is at
 * `u + point*uPoint + phase*uPhase + ci*uRow + co*4`; w is [taps, xc, yc]. Task = ci.
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
  const kd = plan.kindD, kh = plan.kindH, kw = plan.kindW;
  const fd = Axis.phases(kd), fh = Axis.phases(kh), fw = Axis.phases(kw);
  const ph = Axis.points(kh), pw = Axis.points(kw);
  const td = kd === 0 ? 1 : 4, th = kh === 0 ? 1 : 4, tw = kw === 0 ? 1 : 4;
  const lanes = plan.yc;
  const tap = <usize>(plan.xc * lanes) * 4;
  const alongD = Scratch.of(thread);
  const alongH = alongD + <usize>(td * fh * ph * fw * pw) * 16;
  const lineW = <usize>(fw * pw) * 16, lineH = <usize>(fh * ph) * lineW;

  for (let lane = 0; lane < lanes; lane += 4) {
    const from = u + <usize>task * uRow + <usize>lane * 4;
    const out = w + <usize>(task * lanes + lane) * 4;
    for (let j = 0; j < fh * ph; j++) {
      const fj = j / ph, pj = j - fj * ph;
      for (let g = 0, k = 0; g < fw; g++) {
        for (let p = 0; p < pw; p++, k++) {
          const at = from + <usize>(pj * pw + p) * uPoint;
          const to = alongD + <usize>j * lineW + (<usize>k << 4);
          for (let f = 0; f < fd; f++) {
            const phase = <usize>((f * fh + fj) * fw + g) * uPhase;
            Axis.filterAdjoint(kd, f, at + phase, <usize>(ph * pw) * uPoint, to, lineH);
          }
        }
      }
    }
    for (let i = 0; i < td; i++) {
      for (let k = 0; k < fw * pw; k++) {
        for (let f = 0; f < fh; f++) {
          const at = alongD + <usize>i * lineH + <usize>(f * ph) * lineW + (<usize>k << 4);
          const to = alongH + <usize>(i * th) * lineW + (<usize>k << 4);
          Axis.filterAdjoint(kh, f, at, lineW, to, lineW);
        }
      }
    }
    for (let q = 0; q < td * th; q++) {
      for (let f = 0; f < fw; f++) {
        const at = alongH + <usize>q * lineW + <usize>(f * pw) * 16;
        Axis.filterAdjoint(kw, f, at, 16, out + <usize>(q * tw) * tap, tap);
      }
    }
  }
}
