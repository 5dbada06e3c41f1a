import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** y = A' M: the products' tiles to outputs. Task = one line of tiles along w: (sample, tile d, tile h). */
export function winogradOutput(task: i32, thread: i32, plan: Plan, y: usize, m: usize): void {
  const kd = plan.kindD;
  const kh = plan.kindH;
  const kw = plan.kindW;
  const pd = Axis.points(kd);
  const ph = Axis.points(kh);
  const pw = Axis.points(kw);
  const od = Axis.outputs(kd);
  const oh = Axis.outputs(kh);
  const ow = Axis.outputs(kw);
  const yd = plan.yd;
  const yh = plan.yh;
  const yw = plan.yw;
  const tilesW = plan.tilesW;
  const n = task / (plan.tilesD * plan.tilesH);
  const d0 = ((task / plan.tilesH) % plan.tilesD) * od;
  const h0 = (task % plan.tilesH) * oh;
  const pixel = <usize>plan.yc * 4;
  const tile = Scratch.of(thread);
  const stepH = <usize>ow * 16;
  const stepD = <usize>ph * stepH;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = tw * ow;
    const row = m + <usize>(task * tilesW + tw) * plan.mRow;
    for (let c = 0; c < plan.yc; c += 4) {
      const from = row + <usize>(c >> 3) * plan.mGroup + <usize>(c & 4) * 4;
      Axis.output(kw, from, plan.mPoint, <usize>pw * plan.mPoint, tile, 16, stepH, pd * ph);
      for (let i = 0; i < pd; i++) {
        const at = tile + <usize>i * stepD;
        Axis.output(kh, at, stepH, 16, at, stepH, 16, ow);
      }
      Axis.output(kd, tile, stepD, 16, tile, stepD, 16, oh * ow);
      for (let i = 0; i < min(od, yd - d0); i++) {
        for (let j = 0; j < min(oh, yh - h0); j++) {
          const line = ((n * yd + d0 + i) * yh + h0 + j) * yw + w0;
          const to = y + <usize>line * pixel + <usize>c * 4;
          const at = tile + <usize>i * stepD + <usize>j * stepH;
          for (let k = 0; k < min(ow, yw - w0); k++) {
            v128.store(to + <usize>k * pixel, v128.load(at + ((<usize>k) << 4)));
          }
        }
      }
    }
  }
}
