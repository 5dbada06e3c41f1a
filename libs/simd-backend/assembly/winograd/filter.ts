import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** Scalar-side channels that one task takes: two of them fill a cache line of the packed U. */
const BLOCK = 8;

/**
 * U = G w: transforms filters [taps, rows, lanes], four lanes at a time, into packed panels: element (point, phase,
 * row, lane) goes to `u + point*uPoint + phase*uPhase + (lane/8)*uPanel + row*32 + (lane%8)*4`.
 *
 * With rows = xc, lanes = yc these are the panels of U; with rows = yc, lanes = xc (w transposed) those of U'.
 * Task = (group of 4 lanes, block of 8 rows).
 */
export function winogradFilter(
  task: i32,
  thread: i32,
  plan: Plan,
  w: usize,
  u: usize,
  rows: i32,
  lanes: i32,
  uPoint: usize,
  uPhase: usize,
  uPanel: usize,
): void {
  const kd = plan.kindD, kh = plan.kindH, kw = plan.kindW;
  const fd = Axis.phases(kd), fh = Axis.phases(kh), fw = Axis.phases(kw);
  const ph = Axis.points(kh), pw = Axis.points(kw);
  const td = kd === 0 ? 1 : 4, th = kh === 0 ? 1 : 4, tw = kw === 0 ? 1 : 4;
  const groups = lanes >> 2;
  const lane = (task % groups) * 4;
  const row0 = (task / groups) * BLOCK;
  const tap = <usize>(rows * lanes) * 4;
  const alongW = Scratch.of(thread);
  const alongH = alongW + <usize>(td * th * fw * pw) * 16;
  const lineW = <usize>(fw * pw) * 16, lineH = <usize>(fh * ph) * lineW;

  for (let r = row0; r < min(rows, row0 + BLOCK); r++) {
    const from = w + <usize>(r * lanes + lane) * 4;
    const out = u + <usize>(lane >> 3) * uPanel + <usize>r * 32 + <usize>(lane & 4) * 4;
    for (let q = 0; q < td * th; q++) {
      for (let f = 0; f < fw; f++) {
        const to = alongW + <usize>q * lineW + <usize>(f * pw) * 16;
        Axis.filter(kw, f, from + <usize>(q * tw) * tap, tap, to, 16);
      }
    }
    for (let i = 0; i < td; i++) {
      for (let k = 0; k < fw * pw; k++) {
        for (let f = 0; f < fh; f++) {
          const at = alongW + <usize>(i * th) * lineW + (<usize>k << 4);
          const to = alongH + <usize>i * lineH + <usize>(f * ph) * lineW + (<usize>k << 4);
          Axis.filter(kh, f, at, lineW, to, lineW);
        }
      }
    }
    for (let j = 0; j < fh * ph; j++) {
      const fj = j / ph, pj = j - fj * ph;
      for (let g = 0, k = 0; g < fw; g++) {
        for (let p = 0; p < pw; p++, k++) {
          const at = alongH + <usize>j * lineW + (<usize>k << 4);
          const to = out + <usize>(pj * pw + p) * uPoint;
          for (let f = 0; f < fd; f++) {
            const phase = <usize>((f * fh + fj) * fw + g) * uPhase;
            Axis.filter(kd, f, at, lineH, to + phase, <usize>(ph * pw) * uPoint);
          }
        }
      }
    }
  }
}
