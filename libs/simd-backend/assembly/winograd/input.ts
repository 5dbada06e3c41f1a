import { Floats } from '../floats';
import { Scratch } from '../memory';
import { Axis } from './axis';
import { phases, points } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * V = B' x: transforms the tiles of x, `block` channels side by side. All phases of a tile must
 * fit into the scratch memory. Task = one line of tiles along w: (sample, tile d, tile h).
 */
export function winogradInput(
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
  const tilesW = plan.tilesW;
  const xd = plan.xd;
  const xh = plan.xh;
  const xw = plan.xw;
  const n = task / (plan.tilesD * plan.tilesH);
  const d0 = Axis.firstInput(kd, (task / plan.tilesH) % plan.tilesD);
  const h0 = Axis.firstInput(kh, task % plan.tilesH);
  const pixel = <usize>plan.xc * 4;
  const tile = Scratch.of(thread);
  const line = <usize>xw * pixel;
  const vW = plan.vPoint;
  const vH = <usize>pw * vW;
  const vD = <usize>ph * vH;
  const flat = kd === 0;

  const count = fd * fh * fw;
  const places = flat ? pw : ph * pw;

  for (let i = max(d0, 0); i < min(d0 + fd * pd, xd); i++) {
    const h1 = max(h0, 0);
    const lines = min(h0 + fh * ph, xh) - h1;
    Floats.touch(x + <usize>((n * xd + i) * xh + h1) * line, <usize>lines * line, tile);
  }
  for (let tw = 0; tw < tilesW; tw++) {
    const row = v + <usize>(task * tilesW + tw) * plan.vRow;
    for (let c = 0; c < plan.xc; c += block) {
      const lines = min(block, plan.xc - c) >> 2;
      const stepW = (<usize>lines) << 4;
      const stepH = <usize>pw * stepW;
      const stepD = <usize>ph * stepH;
      const stepPhase = <usize>pd * stepD;
      for (let phase = 0; phase < count; phase++) {
        const e = phase % fw;
        const g = (phase / fw) % fh;
        const f = phase / fw / fh;
        const w = Axis.firstInput(kw, tw) + e;
        const inside = w >= 0 && w + fw * (pw - 1) < xw;
        for (let i = 0; i < pd; i++) {
          const d = d0 + fd * i + f;
          const plane = tile + <usize>phase * stepPhase + <usize>i * stepD;
          for (let j = 0; j < ph; j++) {
            const h = h0 + fh * j + g;
            const at = plane + <usize>j * stepH;
            if (<u32>d >= <u32>xd || <u32>h >= <u32>xh) {
              Floats.zero(at, stepH);
              continue;
            }
            const from = x + <usize>(((n * xd + d) * xh + h) * xw + w) * pixel + <usize>c * 4;
            if (inside) {
              Axis.input(kw, from, <usize>fw * pixel, at, stepW, lines);
              continue;
            }
            for (let k = 0; k < pw; k++) {
              const to = at + <usize>k * stepW;
              if (<u32>(w + fw * k) >= <u32>xw) Floats.zero(to, stepW);
              else Floats.copy(to, from + <usize>(fw * k) * pixel, stepW);
            }
            Axis.input(kw, at, stepW, at, stepW, lines);
          }
          if (flat) continue;
          for (let k = 0; k < pw; k++) {
            const at = plane + <usize>k * stepW;
            Axis.input(kh, at, stepH, at, stepH, lines);
          }
        }
      }
      // The last axis goes to V, all phases of a point at a time: they lie side by side there.
      const out = row + <usize>c * 4;
      for (let p = 0; p < places; p++) {
        for (let phase = 0; phase < count; phase++) {
          const at = tile + <usize>phase * stepPhase + <usize>p * stepW;
          const to = out + <usize>phase * pixel + <usize>p * vW;
          if (flat) Axis.input(kh, at, stepH, to, vH, lines);
          else Axis.input(kd, at, stepD, to, vD, lines);
        }
      }
    }
  }
}
