import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * x = B V, the adjoint of winogradInput: every tile of V is transformed and added to where it lies in x; tiles
 * overlap. Task = (sample, block of `channels` channels), so that no two tasks add to the same place.
 */
export function winogradInputAdjoint(
  task: i32,
  thread: i32,
  plan: Plan,
  x: usize,
  v: usize,
  channels: i32,
): void {
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
  const tilesD = plan.tilesD;
  const tilesH = plan.tilesH;
  const tilesW = plan.tilesW;
  const xd = plan.xd;
  const xh = plan.xh;
  const xw = plan.xw;
  const xc = plan.xc;
  const blocks = (xc + channels - 1) / channels;
  const n = task / blocks;
  const c0 = (task - n * blocks) * channels;
  const c1 = min(xc, c0 + channels);
  const pixel = <usize>xc * 4;
  const sample = x + <usize>(n * xd * xh * xw) * pixel;
  clear(sample + <usize>c0 * 4, xd * xh * xw, pixel, <usize>(c1 - c0) * 4);

  const tile = Scratch.of(thread);
  const stepH = <usize>lw * 16;
  const stepD = <usize>(lh * lw) * 16;
  const phase = <usize>(xc >> 2) * plan.vGroup;
  const vW = plan.vPoint;
  const vH = <usize>pw * vW;
  const vD = <usize>ph * vH;
  const nextW = (<usize>fw) << 4;

  for (let t = 0; t < tilesD * tilesH * tilesW; t++) {
    const tw = t % tilesW;
    const th = (t / tilesW) % tilesH;
    const td = t / tilesW / tilesH;
    const d0 = Axis.firstInput(kd, td);
    const h0 = Axis.firstInput(kh, th);
    const w0 = Axis.firstInput(kw, tw);
    const row = v + <usize>(n * tilesD * tilesH * tilesW + t) * plan.vRow;
    for (let c = c0; c < c1; c += 4) {
      const from = row + <usize>(c >> 2) * plan.vGroup;
      for (let f = 0; f < fd; f++) {
        for (let g = 0; g < fh; g++) {
          for (let e = 0; e < fw; e++) {
            const at = from + <usize>((f * fh + g) * fw + e) * phase;
            for (let p = 0; p < ph; p++) {
              const to = tile + <usize>f * stepD + <usize>(p * fh + g) * stepH + ((<usize>e) << 4);
              Axis.inputAdjoint(kd, at + <usize>p * vH, vD, vW, to, 2 * stepD, nextW, pw);
            }
          }
        }
      }
      for (let g = 0; g < fh; g++) {
        for (let i = 0; i < ld; i++) {
          const at = tile + <usize>i * stepD + <usize>g * stepH;
          Axis.inputAdjoint(kh, at, 2 * stepH, 16, at, 2 * stepH, 16, lw);
        }
      }
      for (let e = 0; e < fw; e++) {
        const at = tile + ((<usize>e) << 4);
        Axis.inputAdjoint(kw, at, nextW, stepH, at, nextW, stepH, ld * lh);
      }
      for (let i = 0; i < ld; i++) {
        const d = d0 + i;
        if (<u32>d >= <u32>xd) continue;
        for (let j = 0; j < lh; j++) {
          const h = h0 + j;
          if (<u32>h >= <u32>xh) continue;
          const to = sample + <usize>((d * xh + h) * xw + w0) * pixel + <usize>c * 4;
          const at = tile + <usize>i * stepD + <usize>j * stepH;
          const low = max(0, -w0);
          const high = min(lw, xw - w0);
          for (let k = low; k < high; k++) {
            const place = to + <usize>k * pixel;
            v128.store(place, f32x4.add(v128.load(place), v128.load(at + ((<usize>k) << 4))));
          }
        }
      }
    }
  }
}

function clear(at: usize, count: i32, step: usize, bytes: usize): void {
  if (bytes === step) {
    memory.fill(at, 0, <usize>count * step);
    return;
  }
  for (let i = 0; i < count; i++, at += step) {
    for (let b: usize = 0; b < bytes; b += 16) v128.store(at + b, f32x4.splat(0));
  }
}
