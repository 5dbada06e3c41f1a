import { Floats } from '../floats';
import { Scratch } from '../memory';
import { Axis, CHANNEL_BLOCK } from './axis';
import { outputs, points } from './kinds';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/**
 * y = A' M: the products' tiles, as rows, to outputs. Task = one line of tiles along w: (sample,
 * tile d, tile h).
 */
export function winogradOutput(task: i32, thread: i32, plan: Plan, y: usize, m: usize): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const pd = points(kd);
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
  const flat = kd === 0;
  const lineY = <usize>yw * pixel;
  const planeY = <usize>yh * lineY;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = tw * ow;
    const row = m + <usize>(task * tilesW + tw) * plan.mRow;
    const inside = d0 + od <= yd && h0 + oh <= yh && w0 + ow <= yw;
    const corner = y + <usize>(((n * yd + d0) * yh + h0) * yw + w0) * pixel;
    for (let c = 0; c < plan.yc; c += CHANNEL_BLOCK) {
      const lines = min(CHANNEL_BLOCK, plan.yc - c) >> 2;
      const stepW = (<usize>lines) << 4;
      const stepH = <usize>ow * stepW;
      const stepD = <usize>ph * stepH;
      const from = row + <usize>c * 4;
      const to = corner + <usize>c * 4;
      for (let p = 0; p < pd * ph; p++) {
        const at = from + <usize>(p * pw) * plan.mPoint;
        Axis.output(kw, at, plan.mPoint, tile + <usize>p * stepH, stepW, lines);
      }
      for (let i = 0; i < pd; i++) {
        for (let k = 0; k < ow; k++) {
          const at = tile + <usize>i * stepD + <usize>k * stepW;
          if (flat && inside) Axis.output(kh, at, stepH, to + <usize>k * pixel, lineY, lines);
          else Axis.output(kh, at, stepH, at, stepH, lines);
        }
      }
      if (flat && inside) continue;
      for (let j = 0; j < oh; j++) {
        for (let k = 0; k < ow; k++) {
          const at = tile + <usize>j * stepH + <usize>k * stepW;
          const place = to + <usize>j * lineY + <usize>k * pixel;
          if (inside) Axis.output(kd, at, stepD, place, planeY, lines);
          else Axis.output(kd, at, stepD, at, stepD, lines);
        }
      }
      if (inside) continue;
      for (let i = 0; i < min(od, yd - d0); i++) {
        for (let j = 0; j < min(oh, yh - h0); j++) {
          for (let k = 0; k < min(ow, yw - w0); k++) {
            const place = to + <usize>i * planeY + <usize>j * lineY + <usize>k * pixel;
            const at = tile + <usize>i * stepD + <usize>j * stepH + <usize>k * stepW;
            Floats.copy(place, at, stepW);
          }
        }
      }
    }
  }
}
