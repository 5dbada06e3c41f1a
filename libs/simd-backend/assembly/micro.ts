import { Vector } from './vector';

/** The micro-kernels of products: tiles whose sums stay in registers. */
export class Micro {
  /**
   * The rows of the next tile, where `left` are left. Six rows of sums keep two multiply-add units
   * busy at a latency of four, and with what they multiply they fill the sixteen registers of an
   * x64 processor. Without a fused multiply-add, products would need registers too.
   */
  @inline
  static rows(left: i32): i32 {
    if (!ASC_FEATURE_RELAXED_SIMD) return 4;
    return left <= 4 || left === 7 || left === 8 ? 4 : 6;
  }

  /**
   * Stores a tile of C = A B over `k` terms. `a` holds `rows` rows for each term, `left` and
   * `right` eight columns each, `bRow` bytes apart. `right` may be 0.
   *
   * It is inlined in two places at least, and so the tiles themselves are not: V8 spills registers
   * where more is done with their sums than to store them.
   */
  @inline
  static product(
    rows: i32,
    k: i32,
    a: usize,
    left: usize,
    right: usize,
    bRow: usize,
    c: usize,
    cRow: usize,
  ): void {
    if (right !== 0) {
      if (rows === 6) tile6x16(k, a, left, right, bRow, c, cRow);
      else tile4x16(k, a, left, right, bRow, c, cRow);
    } else if (rows === 6) tile6x8(k, a, left, bRow, c, cRow);
    else tile4x8(k, a, left, bRow, c, cRow);
  }

  /** `rows` and `wide` are constants, so that what they rule out is not compiled. */
  @inline
  static tile(
    rows: i32,
    wide: bool,
    k: i32,
    a: usize,
    left: usize,
    right: usize,
    bRow: usize,
    c: usize,
    cRow: usize,
  ): void {
    let c00 = f32x4.splat(0);
    let c01 = f32x4.splat(0);
    let c02 = f32x4.splat(0);
    let c03 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c11 = f32x4.splat(0);
    let c12 = f32x4.splat(0);
    let c13 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c21 = f32x4.splat(0);
    let c22 = f32x4.splat(0);
    let c23 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c31 = f32x4.splat(0);
    let c32 = f32x4.splat(0);
    let c33 = f32x4.splat(0);
    let c40 = f32x4.splat(0);
    let c41 = f32x4.splat(0);
    let c42 = f32x4.splat(0);
    let c43 = f32x4.splat(0);
    let c50 = f32x4.splat(0);
    let c51 = f32x4.splat(0);
    let c52 = f32x4.splat(0);
    let c53 = f32x4.splat(0);
    for (; k > 0; k--) {
      const b0 = v128.load(left);
      const b1 = v128.load(left, 16);
      const b2 = wide ? v128.load(right) : b0;
      const b3 = wide ? v128.load(right, 16) : b1;
      const x0 = v128.load32_splat(a);
      c00 = Vector.madd(x0, b0, c00);
      c01 = Vector.madd(x0, b1, c01);
      if (wide) {
        c02 = Vector.madd(x0, b2, c02);
        c03 = Vector.madd(x0, b3, c03);
      }
      const x1 = v128.load32_splat(a, 4);
      c10 = Vector.madd(x1, b0, c10);
      c11 = Vector.madd(x1, b1, c11);
      if (wide) {
        c12 = Vector.madd(x1, b2, c12);
        c13 = Vector.madd(x1, b3, c13);
      }
      const x2 = v128.load32_splat(a, 8);
      c20 = Vector.madd(x2, b0, c20);
      c21 = Vector.madd(x2, b1, c21);
      if (wide) {
        c22 = Vector.madd(x2, b2, c22);
        c23 = Vector.madd(x2, b3, c23);
      }
      const x3 = v128.load32_splat(a, 12);
      c30 = Vector.madd(x3, b0, c30);
      c31 = Vector.madd(x3, b1, c31);
      if (wide) {
        c32 = Vector.madd(x3, b2, c32);
        c33 = Vector.madd(x3, b3, c33);
      }
      if (rows === 6) {
        const x4 = v128.load32_splat(a, 16);
        c40 = Vector.madd(x4, b0, c40);
        c41 = Vector.madd(x4, b1, c41);
        if (wide) {
          c42 = Vector.madd(x4, b2, c42);
          c43 = Vector.madd(x4, b3, c43);
        }
        const x5 = v128.load32_splat(a, 20);
        c50 = Vector.madd(x5, b0, c50);
        c51 = Vector.madd(x5, b1, c51);
        if (wide) {
          c52 = Vector.madd(x5, b2, c52);
          c53 = Vector.madd(x5, b3, c53);
        }
      }
      a += <usize>rows * 4;
      left += bRow;
      if (wide) right += bRow;
    }
    Micro.storeRow(wide, c, c00, c01, c02, c03);
    Micro.storeRow(wide, c + cRow, c10, c11, c12, c13);
    Micro.storeRow(wide, c + 2 * cRow, c20, c21, c22, c23);
    Micro.storeRow(wide, c + 3 * cRow, c30, c31, c32, c33);
    if (rows === 6) {
      Micro.storeRow(wide, c + 4 * cRow, c40, c41, c42, c43);
      Micro.storeRow(wide, c + 5 * cRow, c50, c51, c52, c53);
    }
  }

  @inline
  static storeRow(wide: bool, c: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
    Micro.store(c, c0, c1);
    if (wide) Micro.store(c + 32, c2, c3);
  }

  /** Stores eight floats. */
  @inline
  static store(c: usize, left: v128, right: v128): void {
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}

function tile4x8(k: i32, a: usize, b: usize, bRow: usize, c: usize, cRow: usize): void {
  Micro.tile(4, false, k, a, b, 0, bRow, c, cRow);
}

function tile6x8(k: i32, a: usize, b: usize, bRow: usize, c: usize, cRow: usize): void {
  Micro.tile(6, false, k, a, b, 0, bRow, c, cRow);
}

function tile4x16(
  k: i32,
  a: usize,
  left: usize,
  right: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
): void {
  Micro.tile(4, true, k, a, left, right, bRow, c, cRow);
}

function tile6x16(
  k: i32,
  a: usize,
  left: usize,
  right: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
): void {
  Micro.tile(6, true, k, a, left, right, bRow, c, cRow);
}
