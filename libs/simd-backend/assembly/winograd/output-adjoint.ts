import { Scratch } from '../scratch';
import { Axis } from './axis';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Plan } from './plan';

/** M = A y: the adjoint of winogradOutput. Task = one line of tiles along w: (sample, tile d, tile h). */
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
  const stepH = <usize>pw * 16;
  const stepD = <usize>ph * stepH;

  for (let tw = 0; tw < tilesW; tw++) {
    const w0 = tw * ow;
    const row = m + <usize>(task * tilesW + tw) * plan.mRow;
    for (let c = 0; c < plan.yc; c += 4) {
      for (let i = 0; i < od; i++) {
        for (let j = 0; j < oh; j++) {
          const to = tile + <usize>i * stepD + <usize>j * stepH;
          const line = ((n * yd + d0 + i) * yh + h0 + j) * yw + w0;
          const from = y + <usize>line * pixel + <usize>c * 4;
          const width = d0 + i < yd && h0 + j < yh ? min(ow, yw - w0) : 0;
          for (let k = 0; k < ow; k++) {
            const value = k < width ? v128.load(from + <usize>k * pixel) : f32x4.splat(0);
            v128.store(to + ((<usize>k) << 4), value);
          }
        }
      }
      for (let i = 0; i < od; i++) {
        const at = tile + <usize>i * stepD;
        Axis.outputAdjoint(kw, at, 16, stepH, at, 16, stepH, oh);
        Axis.outputAdjoint(kh, at, stepH, 16, at, stepH, 16, pw);
      }
      const out = row + <usize>(c >> 3) * plan.mGroup + <usize>(c & 4) * 4;
      const mD = <usize>(ph * pw) * plan.mPoint;
      Axis.outputAdjoint(kd, tile, stepD, 16, out, mD, plan.mPoint, ph * pw);
    }
  }
}
