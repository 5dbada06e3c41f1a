import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** V = B' x: transforms the tiles of x. Task = one line of tiles along w: (sample, tile d, tile h). */
export function winogradInput(task: i32, thread: i32, plan: Plan, x: usize, v: usize): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const fd = Axis.phases(kd);
  const fh = Axis.phases(kh);
  const fw = Axis.phases(kw);
  const ph = Axis.points(kh);
  const pw = Axis.points(kw);
  const ld = fd * Axis.points(kd);
  const lh = fh * ph;
  const lw = fw * pw;
  const tilesH = plan.tilesH;
  const tilesW = plan.tilesW;
  const xd = plan.xd;
  const xh = plan.xh;
  const xw = plan.xw;
  const n = task / (plan.tilesD * tilesH);
  const d0 = Axis.firstInput(kd, (task / tilesH) % plan.tilesD);
  const h0 = Axis.firstInput(kh, task % tilesH);
  const pixel = <usize>plan.xc * 4;
  const sample = x + <usize>(n * xd * xh * xw) * pixel;

  const tile = Scratch.of(thread);
  const stepH = <usize>lw * 16;
  const stepD = <usize>(lh * lw) * 16;
  const phase = <usize>(plan.xc >> 2) * plan.vGroup;
  const vW = plan.vPoint;
  const vH = <usize>pw * vW;
  const vD = <usize>ph * vH;
  const nextW = (<usize>fw) << 4;
  const line = <usize>xw * pixel;
  const plane = <usize>xh * line;
  const flat = kd === 0;
  const insideDH = d0 >= 0 && d0 + ld <= xd && h0 >= 0 && h0 + lh <= xh;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = Axis.firstInput(kw, tw);
    const inside = insideDH && w0 >= 0 && w0 + lw <= xw;
    const row = v + <usize>(task * tilesW + tw) * plan.vRow;
    for (let c = 0; c < plan.xc; c += 4) {
      const out = row + <usize>(c >> 2) * plan.vGroup;
      if (inside) {
        const from = sample + <usize>((d0 * xh + h0) * xw + w0) * pixel + <usize>c * 4;
        for (let i = 0; i < ld; i++) {
          for (let f = 0; f < fw; f++) {
            const at = from + <usize>i * plane + <usize>f * pixel;
            const to = tile + <usize>i * stepD + ((<usize>f) << 4);
            Axis.input(kw, at, 2 * pixel, line, to, 32, stepH, lh);
          }
        }
      } else {
        gather(plan, sample + <usize>c * 4, pixel, d0, h0, w0, ld, lh, lw, tile);
        for (let f = 0; f < fw; f++) {
          const at = tile + ((<usize>f) << 4);
          Axis.input(kw, at, 32, stepH, at, 32, stepH, ld * lh);
        }
      }
      for (let g = 0; g < fh; g++) {
        for (let i = 0; i < ld; i++) {
          const at = tile + <usize>i * stepD + <usize>g * stepH;
          if (!flat) {
            Axis.input(kh, at, 2 * stepH, 16, at, 2 * stepH, 16, lw);
            continue;
          }
          for (let e = 0; e < fw; e++) {
            const to = out + <usize>(g * fw + e) * phase;
            Axis.input(kh, at + ((<usize>e) << 4), 2 * stepH, nextW, to, vH, vW, pw);
          }
        }
      }
      if (flat) continue;
      for (let f = 0; f < fd; f++) {
        for (let g = 0; g < fh; g++) {
          for (let e = 0; e < fw; e++) {
            const to = out + <usize>((f * fh + g) * fw + e) * phase;
            for (let p = 0; p < ph; p++) {
              const at = tile + <usize>f * stepD + <usize>(p * fh + g) * stepH + ((<usize>e) << 4);
              Axis.input(kd, at, 2 * stepD, nextW, to + <usize>p * vH, vD, vW, pw);
            }
          }
        }
      }
    }
  }
}

/** Loads a tile that sticks out of x: zeros where it does. */
function gather(
  plan: Plan,
  x: usize,
  pixel: usize,
  d0: i32,
  h0: i32,
  w0: i32,
  ld: i32,
  lh: i32,
  lw: i32,
  tile: usize,
): void {
  const xw = plan.xw;
  for (let d = d0; d < d0 + ld; d++) {
    for (let h = h0; h < h0 + lh; h++) {
      const outside = <u32>d >= <u32>plan.xd || <u32>h >= <u32>plan.xh;
      const from = x + <usize>((d * plan.xh + h) * xw + w0) * pixel;
      for (let k = 0; k < lw; k++) {
        const zero = outside || <u32>(w0 + k) >= <u32>xw;
        v128.store(tile, zero ? f32x4.splat(0) : v128.load(from + <usize>k * pixel));
        tile += 16;
      }
    }
  }
}
