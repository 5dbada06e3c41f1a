import { Floats } from '../floats';
import { Scratch } from '../memory';
import { Axis } from './axis';
import { phases, points } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * x = B V, the adjoint of winogradInput: every tile of V is transformed and added to where it
 * lies in x; tiles overlap. Task = (sample, block of channels), so that no two tasks add to the
 * same place.
 */
export function winogradInputAdjoint(
  task: i32,
  thread: i32,
  plan: Plan,
  x: usize,
  v: usize,
  block: i32,
): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const fd = phases(kd);
  const fh = phases(kh);
  const fw = phases(kw);
  const pd = points(kd);
  const ph = points(kh);
  const pw = points(kw);
  const tilesH = plan.tilesH;
  const tilesW = plan.tilesW;
  const tiles = plan.tilesD * tilesH * tilesW;
  const xd = plan.xd;
  const xh = plan.xh;
  const xw = plan.xw;
  const blocks = (plan.xc + block - 1) / block;
  const n = task / blocks;
  const c = (task - n * blocks) * block;
  const lines = min(block, plan.xc - c) >> 2;
  const pixel = <usize>plan.xc * 4;
  const sample = x + <usize>(n * xd * xh * xw) * pixel + <usize>c * 4;
  const tile = Scratch.of(thread);
  const stepW = (<usize>lines) << 4;
  const stepH = <usize>pw * stepW;
  const stepD = <usize>ph * stepH;
  const vW = plan.vPoint;
  const vH = <usize>pw * vW;
  const vD = <usize>ph * vH;
  const flat = kd === 0;

  for (let i = 0; i < xd * xh * xw; i++) Floats.zero(sample + <usize>i * pixel, stepW);
  const count = fd * fh * fw;
  const stepPhase = <usize>pd * stepD;
  const places = flat ? pw : ph * pw;
  for (let t = 0; t < tiles; t++) {
    const d0 = Axis.firstInput(kd, t / tilesW / tilesH);
    const h0 = Axis.firstInput(kh, (t / tilesW) % tilesH);
    const w0 = Axis.firstInput(kw, t % tilesW);
    // The first axis comes from V, all phases of a point at a time: they lie side by side there.
    const row = v + <usize>(n * tiles + t) * plan.vRow + <usize>c * 4;
    for (let p = 0; p < places; p++) {
      for (let phase = 0; phase < count; phase++) {
        const from = row + <usize>phase * pixel + <usize>p * vW;
        const at = tile + <usize>phase * stepPhase + <usize>p * stepW;
        if (flat) Axis.inputAdjoint(kh, from, vH, at, stepH, lines);
        else Axis.inputAdjoint(kd, from, vD, at, stepD, lines);
      }
    }
    for (let phase = 0; phase < count; phase++) {
      const w = w0 + (phase % fw);
      const g = (phase / fw) % fh;
      const f = phase / fw / fh;
      for (let i = 0; i < pd; i++) {
        const d = d0 + fd * i + f;
        if (<u32>d >= <u32>xd) continue;
        const plane = tile + <usize>phase * stepPhase + <usize>i * stepD;
        if (!flat) {
          for (let k = 0; k < pw; k++) {
            const at = plane + <usize>k * stepW;
            Axis.inputAdjoint(kh, at, stepH, at, stepH, lines);
          }
        }
        for (let j = 0; j < ph; j++) {
          const h = h0 + fh * j + g;
          if (<u32>h >= <u32>xh) continue;
          const at = plane + <usize>j * stepH;
          Axis.inputAdjoint(kw, at, stepW, at, stepW, lines);
          const to = sample + <usize>((d * xh + h) * xw + w) * pixel;
          for (let k = 0; k < pw; k++) {
            if (<u32>(w + fw * k) >= <u32>xw) continue;
            Floats.add(to + <usize>(fw * k) * pixel, at + <usize>k * stepW, stepW);
          }
        }
      }
    }
  }
}
