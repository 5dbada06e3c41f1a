import { Lanes } from '../lanes';
import { Vector } from '../vector';

/**
 * One step of RMSProp: s' = decay s + (1 - decay) g^2, w' = w + rate g / (sqrt(s') + epsilon).
 * The outputs may be the inputs. Task = `block` elements, a multiple of four.
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
    const gradient = Lanes.load(g + at, whole);
    const square = Lanes.load(s + at, whole);
    const weight = Lanes.load(w + at, whole);
    const part = f32x4.mul(f32x4.splat(1 - decay), f32x4.mul(gradient, gradient));
    const next = Vector.madd(f32x4.splat(decay), square, part);
    const root = f32x4.add(f32x4.sqrt(next), f32x4.splat(epsilon));
    const moved = f32x4.add(weight, f32x4.div(f32x4.mul(f32x4.splat(rate), gradient), root));
    Lanes.store(newS + at, next, whole);
    Lanes.store(newW + at, moved, whole);
    at += whole ? 16 : 4;
  }
}
