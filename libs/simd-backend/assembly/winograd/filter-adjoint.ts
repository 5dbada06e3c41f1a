import { Floats } from '../floats';
import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** Lanes that are transformed before they are stored, see winogradFilter. */
const LANES = 32;
const STEP: usize = LANES * 4 + 64;

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
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const lanes = plan.yc;
  const taps = Axis.taps(kd) * Axis.taps(kh) * Axis.taps(kw);
  const tap = <usize>(plan.xc * lanes) * 4;
  const lines = Scratch.of(thread);
  const work = lines + <usize>taps * STEP;
  for (let lane0 = 0; lane0 < lanes; lane0 += LANES) {
    const width = min(LANES, lanes - lane0);
    for (let l = 0; l < width; l += 4) {
      const from = u + <usize>task * uRow + <usize>(lane0 + l) * 4;
      transform(kd, kh, kw, from, uPoint, uPhase, work, lines + ((<usize>l) << 2));
    }
    // Whole cache lines of each tap at once, see winogradFilter.
    const out = w + <usize>(task * lanes + lane0) * 4;
    for (let t = 0; t < taps; t++) {
      Floats.copy(out + <usize>t * tap, lines + <usize>t * STEP, <usize>width * 4);
    }
  }
}

/** One vector of filters: points and phases at `from` to taps at `out`, STEP bytes apart. */
function transform(
  kd: i32,
  kh: i32,
  kw: i32,
  from: usize,
  uPoint: usize,
  uPhase: usize,
  alongD: usize,
  out: usize,
): void {
  const fd = Axis.phases(kd);
  const fh = Axis.phases(kh);
  const fw = Axis.phases(kw);
  const ph = Axis.points(kh);
  const pw = Axis.points(kw);
  const td = Axis.taps(kd);
  const th = Axis.taps(kh);
  const tw = Axis.taps(kw);
  const lineW = <usize>(fw * pw) * 16;
  const lineH = <usize>(fh * ph) * lineW;
  const alongH = alongD + <usize>td * lineH;
  const nextD = <usize>(ph * pw) * uPoint;
  for (let f = 0; f < fd; f++) {
    for (let g = 0; g < fh; g++) {
      for (let e = 0; e < fw; e++) {
        const at = from + <usize>((f * fh + g) * fw + e) * uPhase;
        for (let p = 0; p < ph; p++) {
          const to = alongD + <usize>(g * ph + p) * lineW + <usize>(e * pw) * 16;
          Axis.filterAdjoint(
            kd,
            f,
            at + <usize>(p * pw) * uPoint,
            nextD,
            uPoint,
            to,
            lineH,
            16,
            pw,
          );
        }
      }
    }
  }
  for (let f = 0; f < fh; f++) {
    for (let i = 0; i < td; i++) {
      const at = alongD + <usize>i * lineH + <usize>(f * ph) * lineW;
      const to = alongH + <usize>(i * th) * lineW;
      Axis.filterAdjoint(kh, f, at, lineW, 16, to, lineW, 16, fw * pw);
    }
  }
  for (let f = 0; f < fw; f++) {
    const at = alongH + <usize>(f * pw) * 16;
    Axis.filterAdjoint(kw, f, at, 16, lineW, out, STEP, <usize>tw * STEP, td * th);
  }
}
