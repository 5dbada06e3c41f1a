/*
 * F(2,2): two outputs y_i = d_i g_0 + d_(i+1) g_1 of three inputs, by three multiplications instead of four:
 *
 *   y = A' [(G g) * (B' d)],  B'd = (d0 - d1, d1, d2 - d1),  Gg = (g0, g0 + g1, g1),  A'm = (m0 + m1, m1 + m2).
 *
 * Each function reads vectors at `from`, `step` bytes apart, and writes its own at `to`; `from` may equal `to`.
 */

export class Tile2 {
  /** B' : inputs to points. */
  @inline
  static input(from: usize, step: usize, to: usize, toStep: usize): void {
    const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + 2 * step);
    v128.store(to, f32x4.sub(d0, d1));
    v128.store(to + toStep, d1);
    v128.store(to + 2 * toStep, f32x4.sub(d2, d1));
  }

  /** B : the adjoint, points to inputs. */
  @inline
  static inputAdjoint(from: usize, step: usize, to: usize, toStep: usize): void {
    const v0 = v128.load(from), v1 = v128.load(from + step), v2 = v128.load(from + 2 * step);
    v128.store(to, v0);
    v128.store(to + toStep, f32x4.sub(v1, f32x4.add(v0, v2)));
    v128.store(to + 2 * toStep, v2);
  }

  /** A' : points to outputs. */
  @inline
  static output(from: usize, step: usize, to: usize, toStep: usize): void {
    const m0 = v128.load(from), m1 = v128.load(from + step), m2 = v128.load(from + 2 * step);
    v128.store(to, f32x4.add(m0, m1));
    v128.store(to + toStep, f32x4.add(m1, m2));
  }

  /** A : the adjoint, outputs to points. */
  @inline
  static outputAdjoint(from: usize, step: usize, to: usize, toStep: usize): void {
    const y0 = v128.load(from), y1 = v128.load(from + step);
    v128.store(to, y0);
    v128.store(to + toStep, f32x4.add(y0, y1));
    v128.store(to + 2 * toStep, y1);
  }

  /** G : the two taps of a phase to points. */
  @inline
  static filter(from: usize, step: usize, to: usize, toStep: usize): void {
    const g0 = v128.load(from), g1 = v128.load(from + step);
    v128.store(to, g0);
    v128.store(to + toStep, f32x4.add(g0, g1));
    v128.store(to + 2 * toStep, g1);
  }

  /** G' : the adjoint, points to taps. */
  @inline
  static filterAdjoint(from: usize, step: usize, to: usize, toStep: usize): void {
    const u0 = v128.load(from), u1 = v128.load(from + step), u2 = v128.load(from + 2 * step);
    v128.store(to, f32x4.add(u0, u1));
    v128.store(to + toStep, f32x4.add(u1, u2));
  }
}

