import { Vector } from './vector';

export class Micro {
  /**
   * The micro-kernel: a 4 x 8 tile of C = A B over `k` terms. Its eight registers keep two
   * multiply-add units busy at a latency of four. Six rows would spill registers on Node 20.
   *
   * `a` holds four floats for each term, `b` eight, `bRow` bytes apart. Adds to what is at `c` when
   * `accumulate`.
   */
  @inline
  static tile4x8(
    k: i32,
    a: usize,
    b: usize,
    bRow: usize,
    c: usize,
    cRow: usize,
    accumulate: bool,
  ): void {
    let c00 = f32x4.splat(0);
    let c01 = f32x4.splat(0);
    let c10 = f32x4.splat(0);
    let c11 = f32x4.splat(0);
    let c20 = f32x4.splat(0);
    let c21 = f32x4.splat(0);
    let c30 = f32x4.splat(0);
    let c31 = f32x4.splat(0);
    for (; k > 0; k--) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a);
      c00 = Vector.madd(x0, b0, c00);
      c01 = Vector.madd(x0, b1, c01);
      const x1 = v128.load32_splat(a, 4);
      c10 = Vector.madd(x1, b0, c10);
      c11 = Vector.madd(x1, b1, c11);
      const x2 = v128.load32_splat(a, 8);
      c20 = Vector.madd(x2, b0, c20);
      c21 = Vector.madd(x2, b1, c21);
      const x3 = v128.load32_splat(a, 12);
      c30 = Vector.madd(x3, b0, c30);
      c31 = Vector.madd(x3, b1, c31);
      a += 16;
      b += bRow;
    }
    Micro.storeRow(c, c00, c01, accumulate);
    Micro.storeRow(c + cRow, c10, c11, accumulate);
    Micro.storeRow(c + 2 * cRow, c20, c21, accumulate);
    Micro.storeRow(c + 3 * cRow, c30, c31, accumulate);
  }

  /**
   * A 4 x 16 tile: eight registers of eight floats, for engines that join neighboring vectors in
   * pairs. The columns are those at `left` and at `right`.
   */
  static tile4x16(
    k: i32,
    a: usize,
    left: usize,
    right: usize,
    bRow: usize,
    c: usize,
    cRow: usize,
    accumulate: bool,
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
    for (; k > 0; k--) {
      const b0 = v128.load(left);
      const b1 = v128.load(left, 16);
      const b2 = v128.load(right);
      const b3 = v128.load(right, 16);
      const x0 = v128.load32_splat(a);
      c00 = Vector.madd(x0, b0, c00);
      c01 = Vector.madd(x0, b1, c01);
      c02 = Vector.madd(x0, b2, c02);
      c03 = Vector.madd(x0, b3, c03);
      const x1 = v128.load32_splat(a, 4);
      c10 = Vector.madd(x1, b0, c10);
      c11 = Vector.madd(x1, b1, c11);
      c12 = Vector.madd(x1, b2, c12);
      c13 = Vector.madd(x1, b3, c13);
      const x2 = v128.load32_splat(a, 8);
      c20 = Vector.madd(x2, b0, c20);
      c21 = Vector.madd(x2, b1, c21);
      c22 = Vector.madd(x2, b2, c22);
      c23 = Vector.madd(x2, b3, c23);
      const x3 = v128.load32_splat(a, 12);
      c30 = Vector.madd(x3, b0, c30);
      c31 = Vector.madd(x3, b1, c31);
      c32 = Vector.madd(x3, b2, c32);
      c33 = Vector.madd(x3, b3, c33);
      a += 16;
      left += bRow;
      right += bRow;
    }
    Micro.storeRow(c, c00, c01, accumulate);
    Micro.storeRow(c + 32, c02, c03, accumulate);
    Micro.storeRow(c + cRow, c10, c11, accumulate);
    Micro.storeRow(c + cRow + 32, c12, c13, accumulate);
    Micro.storeRow(c + 2 * cRow, c20, c21, accumulate);
    Micro.storeRow(c + 2 * cRow + 32, c22, c23, accumulate);
    Micro.storeRow(c + 3 * cRow, c30, c31, accumulate);
    Micro.storeRow(c + 3 * cRow + 32, c32, c33, accumulate);
  }

  @inline
  static storeRow(c: usize, left: v128, right: v128, accumulate: bool): void {
    if (accumulate) {
      left = f32x4.add(left, v128.load(c));
      right = f32x4.add(right, v128.load(c, 16));
    }
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}
