import { Floats } from '../floats';
import { Scratch } from '../memory';
import { Axis, CHANNEL_BLOCK } from './axis';
import { outputs, points } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * M = A y: the adjoint of winogradOutput. Task = one line of tiles along w: (sample, tile d, tile
 * h).
 */
export function winogradOutputAdjoint(
  task: i32,
  thread: i32,
  plan: Plan,
  y: usize,
  m: usize,
): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const ph = points(kh);
  const pw = points(kw);
  const od = outputs(kd);
  const oh = outputs(kh);
  const ow = outputs(kw);
  const yd = plan.yd;
  const yh = plan.yh;
  const yw = plan.yw;
  const tilesW = plan.tilesW;
  const n = task / (plan.tilesD * plan.tilesH);
  const d0 = ((task / plan.tilesH) % plan.tilesD) * od;
  const h0 = (task % plan.tilesH) * oh;
  const pixel = <usize>plan.yc * 4;
  const tile = Scratch.of(thread);
  const line = <usize>yw * pixel;
  const flat = kd === 0;

  for (let i = d0; i < min(d0 + od, yd); i++) {
    const lines = min(oh, yh - h0);
    Floats.touch(y + <usize>((n * yd + i) * yh + h0) * line, <usize>lines * line, tile);
  }
  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = tw * ow;
    const row = m + <usize>(task * tilesW + tw) * plan.mRow;
    for (let c = 0; c < plan.yc; c += CHANNEL_BLOCK) {
      const lines = min(CHANNEL_BLOCK, plan.yc - c) >> 2;
      const stepW = (<usize>lines) << 4;
      const stepH = <usize>pw * stepW;
      const stepD = <usize>ph * stepH;
      for (let i = 0; i < od; i++) {
        for (let j = 0; j < oh; j++) {
          const at = tile + <usize>i * stepD + <usize>j * stepH;
          const pixels = ((n * yd + d0 + i) * yh + h0 + j) * yw + w0;
          const from = y + <usize>pixels * pixel + <usize>c * 4;
          const width = d0 + i < yd && h0 + j < yh ? min(ow, yw - w0) : 0;
          if (width === ow) {
            Axis.outputAdjoint(kw, from, pixel, at, stepW, lines);
            continue;
          }
          for (let k = 0; k < ow; k++) {
            const to = at + <usize>k * stepW;
            if (k < width) Floats.copy(to, from + <usize>k * pixel, stepW);
            else Floats.zero(to, stepW);
          }
          Axis.outputAdjoint(kw, at, stepW, at, stepW, lines);
        }
        if (flat) continue;
        for (let k = 0; k < pw; k++) {
          const at = tile + <usize>i * stepD + <usize>k * stepW;
          Axis.outputAdjoint(kh, at, stepH, at, stepH, lines);
        }
      }
      const out = row + <usize>c * 4;
      if (flat) {
        for (let k = 0; k < pw; k++) {
          const to = out + <usize>k * plan.mPoint;
          const step = <usize>pw * plan.mPoint;
          Axis.outputAdjoint(kh, tile + <usize>k * stepW, stepH, to, step, lines);
        }
      } else {
        for (let p = 0; p < ph * pw; p++) {
          const to = out + <usize>p * plan.mPoint;
          const step = <usize>(ph * pw) * plan.mPoint;
          Axis.outputAdjoint(kd, tile + <usize>p * stepW, stepD, to, step, lines);
        }
      }
    }
  }
}
