import { Exponential } from './exponential';
import { Logarithm } from './logarithm';

/** What the kernel `unary` computes. */
export const enum UnaryOperation {
  negate,
  absolute,
  square,
  root,
  reciprocalRoot,
  reciprocal,
  exponential,
  floor,
  logarithm,
  sigmoid,
  hyperbolicTangent,
  rectify,
  step,
  clip,
}

class Unary {
  /** `p` and `q` are the slope below zero of Rectify and Step, or the bounds of Clip. */
  @inline
  static apply(operation: UnaryOperation, x: v128, p: v128, q: v128): v128 {
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    if (operation === UnaryOperation.negate) return f32x4.neg(x);
    if (operation === UnaryOperation.absolute) return f32x4.abs(x);
    if (operation === UnaryOperation.square) return f32x4.mul(x, x);
    if (operation === UnaryOperation.root) return f32x4.sqrt(x);
    if (operation === UnaryOperation.reciprocalRoot) return f32x4.div(one, f32x4.sqrt(x));
    if (operation === UnaryOperation.reciprocal) return f32x4.div(one, x);
    if (operation === UnaryOperation.exponential) return Exponential.exp(x);
    if (operation === UnaryOperation.floor) return f32x4.floor(x);
    if (operation === UnaryOperation.logarithm) return Logarithm.ln(x);
    if (operation === UnaryOperation.sigmoid) return Exponential.sigmoid(x);
    if (operation === UnaryOperation.hyperbolicTangent) return Exponential.tanh(x);
    if (operation === UnaryOperation.rectify) {
      // This form keeps NaN.
      return v128.bitselect(f32x4.mul(p, x), x, f32x4.lt(x, zero));
    }
    if (operation === UnaryOperation.step) {
      const step = v128.bitselect(one, p, f32x4.gt(x, zero));
      return v128.bitselect(x, step, f32x4.ne(x, x));
    }
    // These are single instructions, and keep NaN in this order.
    return f32x4.pmin(f32x4.pmax(x, p), q);
  }

  /**
   * `operation` is a constant wherever this is inlined, so each loop is compiled for one
   * operation.
   */
  @inline
  static run(
    operation: UnaryOperation,
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

/**
 * out = f(x) by operation. `p` and `q` are its parameters, as Unary.apply has them. Task =
 * `block` elements, a multiple of four.
 */
export function unary(
  task: i32,
  thread: i32,
  operation: UnaryOperation,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  switch (operation) {
    case UnaryOperation.negate:
      return Unary.run(UnaryOperation.negate, task, x, out, size, block, p, q);
    case UnaryOperation.absolute:
      return Unary.run(UnaryOperation.absolute, task, x, out, size, block, p, q);
    case UnaryOperation.square:
      return Unary.run(UnaryOperation.square, task, x, out, size, block, p, q);
    case UnaryOperation.root:
      return Unary.run(UnaryOperation.root, task, x, out, size, block, p, q);
    case UnaryOperation.reciprocalRoot:
      return Unary.run(UnaryOperation.reciprocalRoot, task, x, out, size, block, p, q);
    case UnaryOperation.reciprocal:
      return Unary.run(UnaryOperation.reciprocal, task, x, out, size, block, p, q);
    case UnaryOperation.exponential:
      return Unary.run(UnaryOperation.exponential, task, x, out, size, block, p, q);
    case UnaryOperation.floor:
      return Unary.run(UnaryOperation.floor, task, x, out, size, block, p, q);
    case UnaryOperation.logarithm:
      return Unary.run(UnaryOperation.logarithm, task, x, out, size, block, p, q);
    case UnaryOperation.sigmoid:
      return Unary.run(UnaryOperation.sigmoid, task, x, out, size, block, p, q);
    case UnaryOperation.hyperbolicTangent:
      return Unary.run(UnaryOperation.hyperbolicTangent, task, x, out, size, block, p, q);
    case UnaryOperation.rectify:
      return Unary.run(UnaryOperation.rectify, task, x, out, size, block, p, q);
    case UnaryOperation.step:
      return Unary.run(UnaryOperation.step, task, x, out, size, block, p, q);
    case UnaryOperation.clip:
      return Unary.run(UnaryOperation.clip, task, x, out, size, block, p, q);
  }
}
