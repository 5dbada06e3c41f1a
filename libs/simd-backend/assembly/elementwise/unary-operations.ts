import { Exponential } from './exponential';

/** The unary operations, by number, so that each exported kernel is compiled for its own. */
export const enum Operation {
  Negate,
  Absolute,
  Square,
  Root,
  ReciprocalRoot,
  Reciprocal,
  Exponential,
  Sigmoid,
  HyperbolicTangent,
  Rectify,
  Step,
  Clip,
}

export class Unary {
  /** `p` and `q` are the slope below zero of Rectify and Step, or the bounds of Clip. */
  @inline
  static apply(operation: Operation, x: v128, p: v128, q: v128): v128 {
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    if (operation === Operation.Negate) return f32x4.neg(x);
    if (operation === Operation.Absolute) return f32x4.abs(x);
    if (operation === Operation.Square) return f32x4.mul(x, x);
    if (operation === Operation.Root) return f32x4.sqrt(x);
    if (operation === Operation.ReciprocalRoot) return f32x4.div(one, f32x4.sqrt(x));
    if (operation === Operation.Reciprocal) return f32x4.div(one, x);
    if (operation === Operation.Exponential) return Exponential.exp(x);
    if (operation === Operation.Sigmoid) return Exponential.sigmoid(x);
    if (operation === Operation.HyperbolicTangent) return Exponential.tanh(x);
    if (operation === Operation.Rectify) {
      // In a form that keeps NaN.
      return v128.bitselect(f32x4.mul(p, x), x, f32x4.lt(x, zero));
    }
    if (operation === Operation.Step) {
      const step = v128.bitselect(one, p, f32x4.gt(x, zero));
      return v128.bitselect(x, step, f32x4.ne(x, x));
    }
    return f32x4.min(f32x4.max(x, p), q);
  }

  /** out = f(x). Task = `block` elements, a multiple of four. */
  @inline
  static run(
    operation: Operation,
    task: i32,
    x: usize,
    out: usize,
    size: i32,
    block: i32,
    p: f32,
    q: f32,
  ): void {
    const start = task * block;
    const end = min(size, start + block);
    const vp = f32x4.splat(p);
    const vq = f32x4.splat(q);
    let from = x + <usize>start * 4;
    let to = out + <usize>start * 4;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      v128.store(to, Unary.apply(operation, v128.load(from), vp, vq));
      from += 16;
      to += 16;
    }
    for (; i < end; i++) {
      v128.store_lane<f32>(to, Unary.apply(operation, v128.load32_splat(from), vp, vq), 0);
      from += 4;
      to += 4;
    }
  }
}
