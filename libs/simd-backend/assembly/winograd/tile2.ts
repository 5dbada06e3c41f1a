/*
 * F(2,2): two outputs y_i = d_i g_0 + d_(i+1) g_1 of three inputs, by three multiplications
 * instead of four:
 *
 *   y = A' [(G g) * (B' d)]
 *   B'd = (d0 - d1, d1, d2 - d1),  Gg = (g0, g0 + g1, g1),  A'm = (m0 + m1, m1 + m2)
 *
 * Each function transforms `lines` parallel lines, which lie side by side. It reads vectors at
 * `from`, `step` bytes apart, and writes vectors at `to`, `toStep` bytes apart. `from` may equal
 * `to`.
 */

export class Tile2 {
  /** B' : inputs to points. */
  static input(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const d0 = v128.load(from);
      const d1 = v128.load(from + step);
      const d2 = v128.load(from + 2 * step);
      v128.store(to, f32x4.sub(d0, d1));
      v128.store(to + toStep, d1);
      v128.store(to + 2 * toStep, f32x4.sub(d2, d1));
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
      v128.store(to, v0);
      v128.store(to + toStep, f32x4.sub(v1, f32x4.add(v0, v2)));
      v128.store(to + 2 * toStep, v2);
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
      v128.store(to, f32x4.add(m0, m1));
      v128.store(to + toStep, f32x4.add(m1, m2));
      from += 16;
      to += 16;
    }
  }

  /** A : the adjoint, outputs to points. */
  static outputAdjoint(from: usize, step: usize, to: usize, toStep: usize, lines: i32): void {
    for (; lines > 0; lines--) {
      const y0 = v128.load(from);
      const y1 = v128.load(from + step);
      v128.store(to, y0);
      v128.store(to + toStep, f32x4.add(y0, y1));
      v128.store(to + 2 * toStep, y1);
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
      v128.store(to + toStep, f32x4.add(g0, g1));
      v128.store(to + 2 * toStep, g1);
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
      v128.store(to, f32x4.add(u0, u1));
      v128.store(to + toStep, f32x4.add(u1, u2));
      from += 16;
      to += 16;
    }
  }
}
