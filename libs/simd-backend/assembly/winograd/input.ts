import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** V = B' x: transforms the tiles of x. Task = one line of tiles along w: (sample, tile d, tile h). */
export function winogradInput(task: i32, thread: i32, plan: Plan, x: usize, v: usize): void {
  const kd = plan.kindD, kh = plan.kindH, kw = plan.kindW;
  const fd = Axis.phases(kd), fh = Axis.phases(kh), fw = Axis.phases(kw);
  const ld = fd * Axis.points(kd), lh = fh * Axis.points(kh), lw = fw * Axis.points(kw);
  const tilesH = plan.tilesH, tilesW = plan.tilesW, xd = plan.xd, xh = plan.xh, xw = plan.xw;
  const n = task / (plan.tilesD * tilesH);
  const d0 = Axis.firstInput(kd, (task / tilesH) % plan.tilesD);
  const h0 = Axis.firstInput(kh, task % tilesH);
  const pixel = <usize>plan.xc * 4;
  const sample = x + <usize>(n * xd * xh * xw) * pixel;

  const tile = Scratch.of(thread);
  const stepH = <usize>lw * 16, stepD = <usize>(lh * lw) * 16;
  const phase = <usize>(plan.xc >> 2) * plan.vGroup;
  const vW = plan.vPoint, vH = <usize>Axis.points(kw) * vW, vD = <usize>Axis.points(kh) * vH;
  const flat = kd === 0;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = Axis.firstInput(kw, tw);
    const inside = w0 >= 0 && w0 + lw <= xw;
    const row = v + <usize>(task * tilesW + tw) * plan.vRow;
    for (let c = 0; c < plan.xc; c += 4) {
      const out = row + <usize>(c >> 2) * plan.vGroup;
      for (let i = 0; i < ld; i++) {
        for (let j = 0; j < lh; j++) {
          const d = d0 + i, h = h0 + j;
          const to = tile + <usize>i * stepD + <usize>j * stepH;
          if (<u32>d >= <u32>xd || <u32>h >= <u32>xh) {
            for (let k = 0; k < lw; k++) v128.store(to + (<usize>k << 4), f32x4.splat(0));
            continue;
          }
          const from = sample + <usize>((d * xh + h) * xw + w0) * pixel + <usize>c * 4;
          if (inside) {
            for (let f = 0; f < fw; f++) {
              const at = <usize>f;
              Axis.input(kw, from + at * pixel, 2 * pixel, to + at * 16, 32);
            }
            continue;
          }
          for (let k = 0; k < lw; k++) {
            const w = w0 + k;
            const value = <u32>w < <u32>xw ? v128.load(from + <usize>k * pixel) : f32x4.splat(0);
            v128.store(to + (<usize>k << 4), value);
          }
          for (let f = 0; f < fw; f++) Axis.input(kw, to + (<usize>f << 4), 32, to + (<usize>f << 4), 32);
        }
      }
      for (let i = 0; i < ld; i++) {
        for (let k = 0; k < lw; k++) {
          // Input k is point k / fw of phase k % fw, and fw is 1 or 2.
          const p = <usize>(k >> (fw - 1)), f = k & (fw - 1);
          for (let g = 0; g < fh; g++) {
            const from = tile + <usize>i * stepD + <usize>g * stepH + (<usize>k << 4);
            if (flat) Axis.input(kh, from, 2 * stepH, out + p * vW + <usize>(g * fw + f) * phase, vH);
            else Axis.input(kh, from, 2 * stepH, from, 2 * stepH);
          }
        }
      }
      if (flat) continue;
      for (let j = 0; j < lh; j++) {
        for (let k = 0; k < lw; k++) {
          const to = out + <usize>(j >> (fh - 1)) * vH + <usize>(k >> (fw - 1)) * vW;
          const phaseHW = (j & (fh - 1)) * fw + (k & (fw - 1));
          for (let f = 0; f < fd; f++) {
            const from = tile + <usize>f * stepD + <usize>j * stepH + (<usize>k << 4);
            Axis.input(kd, from, 2 * stepD, to + <usize>(f * fh * fw + phaseHW) * phase, vD);
          }
        }
      }
    }
  }
}
