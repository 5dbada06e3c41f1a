import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** y = A' M: the products' tiles to outputs. Task = one line of tiles along w: (sample, tile d, tile h). */
export function winogradOutput(task: i32, thread: i32, plan: Plan, y: usize, m: usize): void {
  const kd = plan.kindD, kh = plan.kindH, kw = plan.kindW;
  const pd = Axis.points(kd), ph = Axis.points(kh), pw = Axis.points(kw);
  const od = Axis.outputs(kd), oh = Axis.outputs(kh), ow = Axis.outputs(kw);
  const yd = plan.yd, yh = plan.yh, yw = plan.yw, tilesW = plan.tilesW;
  const n = task / (plan.tilesD * plan.tilesH);
  const d0 = ((task / plan.tilesH) % plan.tilesD) * od;
  const h0 = (task % plan.tilesH) * oh;
  const pixel = <usize>plan.yc * 4;
  const tile = Scratch.of(thread);
  const stepH = <usize>ow * 16, stepD = <usize>ph * stepH;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = tw * ow;
    const row = m + <usize>(task * tilesW + tw) * plan.mRow;
    for (let c = 0; c < plan.yc; c += 4) {
      let from = row + <usize>(c >> 3) * plan.mGroup + <usize>(c & 4) * 4;
      for (let q = 0; q < pd * ph; q++) {
        Axis.output(kw, from, plan.mPoint, tile + <usize>q * stepH, 16);
        from += <usize>pw * plan.mPoint;
      }
      for (let i = 0; i < pd; i++) {
        for (let k = 0; k < ow; k++) {
          const at = tile + <usize>i * stepD + (<usize>k << 4);
          Axis.output(kh, at, stepH, at, stepH);
        }
      }
      for (let q = 0; q < oh * ow; q++) {
        const at = tile + (<usize>q << 4);
        Axis.output(kd, at, stepD, at, stepD);
      }
      for (let i = 0; i < min(od, yd - d0); i++) {
        for (let j = 0; j < min(oh, yh - h0); j++) {
          const line = ((n * yd + d0 + i) * yh + h0 + j) * yw + w0;
          const to = y + <usize>line * pixel + <usize>c * 4;
          const at = tile + <usize>i * stepD + <usize>j * stepH;
          for (let k = 0; k < min(ow, yw - w0); k++) {
            v128.store(to + <usize>k * pixel, v128.load(at + (<usize>k << 4)));
          }
        }
      }
    }
  }
}
