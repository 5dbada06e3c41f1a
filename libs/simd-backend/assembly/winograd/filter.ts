import { Scratch } from '../memory';
import { Axis, CHANNEL_BLOCK } from './axis';
import { phases, points, taps } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** Rows of one task of winogradFilter: enough to fill the cache lines of U that it writes. */
export const FILTER_ROWS: i32 = 64;

/**
 * U = G w: transforms filters [taps, rows, lanes] into packed panels. Element (point, phase, row,
 * lane) goes to `u + point*uPoint + phase*uPhase + (lane/8)*uPanel + row*32 + (lane%8)*4`.
 *
 * With rows = xc, lanes = yc these are the panels of U; with rows = yc, lanes = xc (w transposed)
 * those of U'. Task = (block of lanes, block of FILTER_ROWS rows).
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
  const blocks = (lanes + CHANNEL_BLOCK - 1) / CHANNEL_BLOCK;
  const lane = (task % blocks) * CHANNEL_BLOCK;
  const row0 = (task / blocks) * FILTER_ROWS;
  const lines = min(CHANNEL_BLOCK, lanes - lane) >> 2;
  const tap = <usize>(rows * lanes) * 4;
  for (let r = row0; r < min(rows, row0 + FILTER_ROWS); r++) {
    const from = w + <usize>(r * lanes + lane) * 4;
    const out = u + <usize>(lane >> 3) * uPanel + <usize>r * 32;
    transform(plan, from, tap, Scratch.of(thread), out, uPoint, uPhase, uPanel, lines);
  }
}

/**
 * Filters that lie side by side: taps at `from`, `tap` bytes apart, to points and phases at
 * `out`, in panels.
 */
function transform(
  plan: Plan,
  from: usize,
  tap: usize,
  alongW: usize,
  out: usize,
  uPoint: usize,
  uPhase: usize,
  uPanel: usize,
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
        for (let q = 0; q < lines; q += 2) {
          const at = alongH + <usize>q * 16;
          const to = phase + <usize>(q >> 1) * uPanel;
          for (let p = 0; p < ph * pw; p++) {
            const point = to + <usize>p * uPoint;
            Axis.filter(kd, f, at + <usize>p * stepW, stepD, point, nextD, 2);
          }
        }
      }
    }
  }
}
