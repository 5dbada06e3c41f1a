import { Floats } from '../floats';
import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** Rows of one task: enough to fill the cache lines of U that it touches. */
const ROWS = 64;
/** Lanes of one task: long enough runs of w for the processor to fetch ahead. */
const LANES = 32;
const STEP: usize = LANES * 4 + 64;

/**
 * U = G w: transforms filters [taps, rows, lanes], four lanes at a time, into packed panels: element (point, phase,
 * row, lane) goes to `u + point*uPoint + phase*uPhase + (lane/8)*uPanel + row*32 + (lane%8)*4`.
 *
 * With rows = xc, lanes = yc these are the panels of U; with rows = yc, lanes = xc (w transposed) those of U'.
 * Task = (block of 32 lanes, block of 64 rows).
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
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const blocks = (lanes + LANES - 1) / LANES;
  const lane0 = (task % blocks) * LANES;
  const width = min(LANES, lanes - lane0);
  const row0 = (task / blocks) * ROWS;
  const taps = Axis.taps(kd) * Axis.taps(kh) * Axis.taps(kw);
  const tap = <usize>(rows * lanes) * 4;
  const lines = Scratch.of(thread);
  const work = lines + <usize>taps * STEP;

  for (let r = row0; r < min(rows, row0 + ROWS); r++) {
    // Whole cache lines of each tap at once: the taps lie powers of two apart, and would push each other out.
    const from = w + <usize>(r * lanes + lane0) * 4;
    for (let t = 0; t < taps; t++) {
      Floats.copy(lines + <usize>t * STEP, from + <usize>t * tap, <usize>width * 4);
    }
    for (let l = 0; l < width; l += 4) {
      const lane = lane0 + l;
      const out = u + <usize>(lane >> 3) * uPanel + <usize>r * 32 + <usize>(lane & 4) * 4;
      transform(kd, kh, kw, lines + ((<usize>l) << 2), work, out, uPoint, uPhase);
    }
  }
}

/** One vector of filters: taps at `from`, STEP bytes apart, to the points and phases of `out`. */
function transform(
  kd: i32,
  kh: i32,
  kw: i32,
  from: usize,
  alongW: usize,
  out: usize,
  uPoint: usize,
  uPhase: usize,
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
  const alongH = alongW + <usize>(td * th) * lineW;
  for (let f = 0; f < fw; f++) {
    const to = alongW + <usize>(f * pw) * 16;
    Axis.filter(kw, f, from, STEP, <usize>tw * STEP, to, 16, lineW, td * th);
  }
  for (let f = 0; f < fh; f++) {
    for (let i = 0; i < td; i++) {
      const at = alongW + <usize>(i * th) * lineW;
      const to = alongH + <usize>i * lineH + <usize>(f * ph) * lineW;
      Axis.filter(kh, f, at, lineW, 16, to, lineW, 16, fw * pw);
    }
  }
  const nextD = <usize>(ph * pw) * uPoint;
  for (let f = 0; f < fd; f++) {
    for (let g = 0; g < fh; g++) {
      for (let e = 0; e < fw; e++) {
        const to = out + <usize>((f * fh + g) * fw + e) * uPhase;
        for (let p = 0; p < ph; p++) {
          const at = alongH + <usize>(g * ph + p) * lineW + <usize>(e * pw) * 16;
          Axis.filter(kd, f, at, lineH, 16, to + <usize>(p * pw) * uPoint, nextD, uPoint, pw);
        }
      }
    }
  }
}
