import { Vector } from '../vector';

/*
 * F(4,2): four outputs of five inputs by five multiplications instead of eight, from the points
 * 0, -1, 1/2, 2 and infinity (Cook-Toom). These points lose less precision than 0, 1, -1 and 2. G
 * holds the denominators of Lagrange's polynomials.
 *
 * Each function takes the arguments of its namesake in tile2.ts.
 */

const NINTH: f32 = 1.0 / 9;

export class Tile4 {
  /** k a + b */
  @inline
  static plus(k: f32, a: v128, b: v128): v128 {
    return Vector.madd(f32x4.splat(k), a, b);
  }

  @inline
  static times(k: f32, a: v128): v128 {
    return f32x4.mul(f32x4.splat(k), a);
  }

  /** B' : inputs to points. */
  static input(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const d0 = v128.load(from);
      const d1 = v128.load(from + step);
      const d2 = v128.load(from + 2 * step);
      const d3 = v128.load(from + 3 * step);
      const d4 = v128.load(from + 4 * step);
      const d13 = f32x4.add(d1, d3);
      v128.store(to, Tile4.plus(-1.5, f32x4.add(d1, d2), f32x4.add(d0, d3)));
      v128.store(to + toStep, Tile4.plus(-2.5, d2, d13));
      v128.store(to + 2 * toStep, Tile4.plus(-2, d1, f32x4.sub(d3, d2)));
      v128.store(to + 3 * toStep, Tile4.plus(0.5, f32x4.sub(d2, d1), d3));
      v128.store(to + 4 * toStep, Tile4.plus(-1.5, f32x4.add(d2, d3), f32x4.add(d1, d4)));
      from += 16;
      to += 16;
    }
  }

  /** B : the adjoint, points to inputs. */
  static inputAdjoint(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const v0 = v128.load(from);
      const v1 = v128.load(from + step);
      const v2 = v128.load(from + 2 * step);
      const v3 = v128.load(from + 3 * step);
      const v4 = v128.load(from + 4 * step);
      const v14 = f32x4.add(v1, v4);
      const v04 = f32x4.add(v0, v4);
      const d1 = Tile4.plus(-1.5, v0, Tile4.plus(-2, v2, Tile4.plus(-0.5, v3, v14)));
      const d2 = Tile4.plus(-1.5, v04, Tile4.plus(-2.5, v1, Tile4.plus(0.5, v3, f32x4.neg(v2))));
      const v0123 = f32x4.add(f32x4.add(v0, v1), f32x4.add(v2, v3));
      v128.store(to, v0);
      v128.store(to + toStep, d1);
      v128.store(to + 2 * toStep, d2);
      v128.store(to + 3 * toStep, Tile4.plus(-1.5, v4, v0123));
      v128.store(to + 4 * toStep, v4);
      from += 16;
      to += 16;
    }
  }

  /** A' : points to outputs. */
  static output(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const m0 = v128.load(from);
      const m1 = v128.load(from + step);
      const m2 = v128.load(from + 2 * step);
      const m3 = v128.load(from + 3 * step);
      const m4 = v128.load(from + 4 * step);
      v128.store(to, f32x4.add(f32x4.add(m0, m3), f32x4.add(m1, m2)));
      v128.store(to + toStep, Tile4.plus(2, m3, Tile4.plus(0.5, m2, f32x4.neg(m1))));
      v128.store(to + 2 * toStep, Tile4.plus(4, m3, Tile4.plus(0.25, m2, m1)));
      v128.store(to + 3 * toStep, Tile4.plus(8, m3, Tile4.plus(0.125, m2, f32x4.sub(m4, m1))));
      from += 16;
      to += 16;
    }
  }

  /** A : the adjoint, outputs to points. */
  static outputAdjoint(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const y0 = v128.load(from);
      const y1 = v128.load(from + step);
      const y2 = v128.load(from + 2 * step);
      const y3 = v128.load(from + 3 * step);
      const half = Tile4.plus(0.5, Tile4.plus(0.5, Tile4.plus(0.5, y3, y2), y1), y0);
      const two = Tile4.plus(2, Tile4.plus(2, Tile4.plus(2, y3, y2), y1), y0);
      v128.store(to, y0);
      v128.store(to + toStep, f32x4.sub(f32x4.add(y0, y2), f32x4.add(y1, y3)));
      v128.store(to + 2 * toStep, half);
      v128.store(to + 3 * toStep, two);
      v128.store(to + 4 * toStep, y3);
      from += 16;
      to += 16;
    }
  }

  /** G : the two taps of a phase to points. */
  static filter(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const g0 = v128.load(from);
      const g1 = v128.load(from + step);
      v128.store(to, g0);
      v128.store(to + toStep, Tile4.times(2 * NINTH, f32x4.sub(g1, g0)));
      v128.store(to + 2 * toStep, Tile4.times(-4 * NINTH, Tile4.plus(2, g0, g1)));
      v128.store(to + 3 * toStep, Tile4.times(NINTH, Tile4.plus(2, g1, g0)));
      v128.store(to + 4 * toStep, g1);
      from += 16;
      to += 16;
    }
  }

  /** G' : the adjoint, points to taps. */
  static filterAdjoint(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const u0 = v128.load(from);
      const u1 = v128.load(from + step);
      const u2 = v128.load(from + 2 * step);
      const u3 = v128.load(from + 3 * step);
      const u4 = v128.load(from + 4 * step);
      const low = Tile4.plus(-8, u2, Tile4.plus(-2, u1, u3));
      const high = Tile4.plus(-4, u2, Tile4.times(2, f32x4.add(u1, u3)));
      v128.store(to, Tile4.plus(NINTH, low, u0));
      v128.store(to + toStep, Tile4.plus(NINTH, high, u4));
      from += 16;
      to += 16;
    }
  }
}
