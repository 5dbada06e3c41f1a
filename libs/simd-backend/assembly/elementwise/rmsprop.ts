import { Vector } from '../vector';

/**
 * One step of RMSProp: s' = decay s + (1 - decay) g^2, w' = w + rate g / (sqrt(s') + epsilon). The outputs may be the
 * inputs. Task = `block` elements, a multiple of four.
 */
export function rmsProp(
  task: i32,
  thread: i32,
  w: usize,
  s: usize,
  g: usize,
  newW: usize,
  newS: usize,
  size: i32,
  block: i32,
  rate: f32,
  decay: f32,
  epsilon: f32,
): void {
  const end = <usize>min(size, (task + 1) * block) * 4;
  for (let at = <usize>(task * block) * 4; at < end;) {
    const whole = at + 16 <= end;
    const gradient = whole ? v128.load(g + at) : v128.load32_splat(g + at);
    const square = whole ? v128.load(s + at) : v128.load32_splat(s + at);
    const weight = whole ? v128.load(w + at) : v128.load32_splat(w + at);
    const part = f32x4.mul(f32x4.splat(1 - decay), f32x4.mul(gradient, gradient));
    const next = Vector.madd(f32x4.splat(decay), square, part);
    const root = f32x4.add(f32x4.sqrt(next), f32x4.splat(epsilon));
    const moved = f32x4.add(weight, f32x4.div(f32x4.mul(f32x4.splat(rate), gradient), root));
    if (whole) {
      v128.store(newS + at, next);
      v128.store(newW + at, moved);
      at += 16;
    } else {
      v128.store_lane<f32>(newS + at, next, 0);
      v128.store_lane<f32>(newW + at, moved, 0);
      at += 4;
    }
  }
}
