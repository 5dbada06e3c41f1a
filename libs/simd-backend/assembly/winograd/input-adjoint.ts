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
  const kd = plan.kindD, kh = plan.kindH, kw = plan.kindW;
  const fd = Axis.phases(kd), fh = Axis.phases(kh), fw = Axis.phases(kw);
  const ld = fd * Axis.points(kd), lh = fh * Axis.points(kh), lw = fw * Axis.points(kw);
  const tilesD = plan.tilesD, tilesH = plan.tilesH, tilesW = plan.tilesW;
  const xd = plan.xd, xh = plan.xh, xw = plan.xw, xc = plan.xc;
  const blocks = (xc + channels - 1) / channels;
  const n = task / blocks;
  const c0 = (task - n * blocks) * channels;
  const c1 = min(xc, c0 + channels);
  const pixel = <usize>xc * 4;
  const sample = x + <usize>(n * xd * xh * xw) * pixel;
  clear(sample + <usize>c0 * 4, xd * xh * xw, pixel, <usize>(c1 - c0) * 4);

  const tile = Scratch.of(thread);
  const stepH = <usize>lw * 16, stepD = <usize>(lh * lw) * 16;
  const phase = <usize>(xc >> 2) * plan.vGroup;
  const vW = plan.vPoint, vH = <usize>Axis.points(kw) * vW, vD = <usize>Axis.points(kh) * vH;

  for (let t = 0; t < tilesD * tilesH * tilesW; t++) {
    const tw = t % tilesW, th = (t / tilesW) % tilesH, td = t / tilesW / tilesH;
    const d0 = Axis.firstInput(kd, td), h0 = Axis.firstInput(kh, th), w0 = Axis.firstInput(kw, tw);
    const row = v + <usize>(n * tilesD * tilesH * tilesW + t) * plan.vRow;
    for (let c = c0; c < c1; c += 4) {
      const from = row + <usize>(c >> 2) * plan.vGroup;
      for (let i = 0; i < Axis.points(kd); i++) {
        for (let j = 0; j < Axis.points(kh); j++) {
          for (let f = 0; f < fd * fh * fw; f++) {
            // Phase f counts in twos, or in ones along an axis of kind 0.
            const e = f & (fw - 1), g = (f >> (fw - 1)) & (fh - 1), a = f >> (fw + fh - 2);
            const at = from + <usize>i * vD + <usize>j * vH + <usize>f * phase;
            const to = tile + <usize>(fd * i + a) * stepD + <usize>(fh * j + g) * stepH;
            Axis.inputAdjoint(kw, at, vW, to + (<usize>e << 4), <usize>fw << 4);
          }
        }
      }
      for (let i = 0; i < ld; i++) {
        for (let q = 0; q < fh * lw; q++) {
          const at = tile + <usize>i * stepD + (<usize>q << 4);
          Axis.inputAdjoint(kh, at, <usize>fh * stepH, at, <usize>fh * stepH);
        }
      }
      for (let q = 0; q < fd * lh * lw; q++) {
        const at = tile + (<usize>q << 4);
        Axis.inputAdjoint(kd, at, <usize>fd * stepD, at, <usize>fd * stepD);
      }
      for (let i = 0; i < ld; i++) {
        const d = d0 + i;
        if (<u32>d >= <u32>xd) continue;
        for (let j = 0; j < lh; j++) {
          const h = h0 + j;
          if (<u32>h >= <u32>xh) continue;
          const to = sample + <usize>((d * xh + h) * xw + w0) * pixel + <usize>c * 4;
          const at = tile + <usize>i * stepD + <usize>j * stepH;
          const low = max(0, -w0), high = min(lw, xw - w0);
          for (let k = low; k < high; k++) {
            const place = to + <usize>k * pixel;
            v128.store(place, f32x4.add(v128.load(place), v128.load(at + (<usize>k << 4))));
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
