import { Vector } from '../vector';

/*
 * F(4,2): four outputs of five inputs by five multiplications instead of eight, from the points 0, 1, -1, 2 and
 * infinity (Cook-Toom). The denominators of Lagrange's polynomials are in G, so that B' has small whole numbers.
 *
 * Each function takes `lines` parallel lines: it reads vectors at `from`, `step` bytes apart, the next line's `gap` bytes
 * further, and writes its own at `to` likewise. `from` may equal `to`.
 */

export class Tile4 {
  @inline
  static times(k: f32, a: v128): v128 {
    return f32x4.mul(f32x4.splat(k), a);
  }

  /** k a + b */
  @inline
  static plus(k: f32, a: v128, b: v128): v128 {
    return Vector.madd(f32x4.splat(k), a, b);
  }

  /** B' : inputs to points. */
  static input(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const d0 = v128.load(from);
      const d1 = v128.load(from + step);
      const d2 = v128.load(from + 2 * step);
      const d3 = v128.load(from + 3 * step);
      const d4 = v128.load(from + 4 * step);
      const d31 = f32x4.sub(d3, d1);
      const d32 = f32x4.sub(d3, d2);
      v128.store(to, Tile4.plus(2, f32x4.sub(d0, d2), d31));
      v128.store(to + toStep, Tile4.plus(-2, d1, d32));
      v128.store(to + 2 * toStep, Tile4.plus(2, f32x4.sub(d1, d2), d32));
      v128.store(to + 3 * toStep, d31);
      v128.store(to + 4 * toStep, Tile4.plus(-2, d31, f32x4.sub(d4, d2)));
      from += gap;
      to += toGap;
    }
  }

  /** B : the adjoint, points to inputs. */
  static inputAdjoint(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const v0 = v128.load(from);
      const v1 = v128.load(from + step);
      const v2 = v128.load(from + 2 * step);
      const v3 = v128.load(from + 3 * step);
      const v4 = v128.load(from + 4 * step);
      const v03 = f32x4.add(v0, v3);
      const v12 = f32x4.add(v1, v2);
      v128.store(to, f32x4.add(v0, v0));
      v128.store(to + toStep, Tile4.plus(2, f32x4.sub(f32x4.add(v2, v4), v1), f32x4.neg(v03)));
      v128.store(to + 2 * toStep, Tile4.plus(-2, f32x4.add(v0, v2), f32x4.neg(f32x4.add(v12, v4))));
      v128.store(to + 3 * toStep, Tile4.plus(-2, v4, f32x4.add(v03, v12)));
      v128.store(to + 4 * toStep, v4);
      from += gap;
      to += toGap;
    }
  }

  /** A' : points to outputs. */
  static output(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const m0 = v128.load(from);
      const m1 = v128.load(from + step);
      const m2 = v128.load(from + 2 * step);
      const m3 = v128.load(from + 3 * step);
      const m4 = v128.load(from + 4 * step);
      const sum = f32x4.add(m1, m2);
      const difference = f32x4.sub(m1, m2);
      v128.store(to, f32x4.add(f32x4.add(m0, m3), sum));
      v128.store(to + toStep, Tile4.plus(2, m3, difference));
      v128.store(to + 2 * toStep, Tile4.plus(4, m3, sum));
      v128.store(to + 3 * toStep, Tile4.plus(8, m3, f32x4.add(difference, m4)));
      from += gap;
      to += toGap;
    }
  }

  /** A : the adjoint, outputs to points. */
  static outputAdjoint(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const y0 = v128.load(from);
      const y1 = v128.load(from + step);
      const y2 = v128.load(from + 2 * step);
      const y3 = v128.load(from + 3 * step);
      const even = f32x4.add(y0, y2);
      const odd = f32x4.add(y1, y3);
      v128.store(to, y0);
      v128.store(to + toStep, f32x4.add(even, odd));
      v128.store(to + 2 * toStep, f32x4.sub(even, odd));
      v128.store(to + 3 * toStep, Tile4.plus(4, Tile4.plus(2, y3, y2), Tile4.plus(2, y1, y0)));
      v128.store(to + 4 * toStep, y3);
      from += gap;
      to += toGap;
    }
  }

  /** G : the two taps of a phase to points. */
  static filter(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const g0 = v128.load(from);
      const g1 = v128.load(from + step);
      v128.store(to, Tile4.times(0.5, g0));
      v128.store(to + toStep, Tile4.times(-0.5, f32x4.add(g0, g1)));
      v128.store(to + 2 * toStep, Tile4.times(<f32>(1.0 / 6), f32x4.sub(g1, g0)));
      v128.store(to + 3 * toStep, Tile4.times(<f32>(1.0 / 6), Tile4.plus(2, g1, g0)));
      v128.store(to + 4 * toStep, g1);
      from += gap;
      to += toGap;
    }
  }

  /** G' : the adjoint, points to taps. */
  static filterAdjoint(
    from: usize,
    step: usize,
    gap: usize,
    to: usize,
    toStep: usize,
    toGap: usize,
    lines: i32,
  ): void {
    for (; lines > 0; lines--) {
      const u0 = v128.load(from);
      const u1 = v128.load(from + step);
      const u2 = v128.load(from + 2 * step);
      const u3 = v128.load(from + 3 * step);
      const u4 = v128.load(from + 4 * step);
      const sixth = <f32>(1.0 / 6);
      v128.store(to, Tile4.plus(0.5, f32x4.sub(u0, u1), Tile4.times(sixth, f32x4.sub(u3, u2))));
      v128.store(to + toStep, Tile4.plus(-0.5, u1, Tile4.plus(sixth, Tile4.plus(2, u3, u2), u4)));
      from += gap;
      to += toGap;
    }
  }
}
