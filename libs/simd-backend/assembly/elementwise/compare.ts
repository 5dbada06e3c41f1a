/** What the kernel `compare` tells of a and b. Nothing is equal to NaN, or greater. */
export const enum Comparison {
  greater,
  greaterEqual,
  equal,
  notEqual,
}

class Compare {
  /** All ones where the comparison holds. */
  @inline
  static apply(comparison: Comparison, a: v128, b: v128): v128 {
    if (comparison === Comparison.greater) return f32x4.gt(a, b);
    if (comparison === Comparison.greaterEqual) return f32x4.ge(a, b);
    if (comparison === Comparison.equal) return f32x4.eq(a, b);
    return f32x4.ne(a, b);
  }
}

/**
 * out (bytes) = whether the comparison of a and b holds. Rows, columns and tasks are those of
 * `binary`.
 */
export function compare(
  task: i32,
  thread: i32,
  comparison: Comparison,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rowsPerTask: i32,
): void {
  const rows = (size + columns - 1) / columns;
  const end = min(rows, (task + 1) * rowsPerTask);
  for (let r = task * rowsPerTask; r < end; r++) {
    const count = min(columns, size - r * columns);
    let from = a + <usize>(r * aRow) * 4;
    let other = b + <usize>(r * bRow) * 4;
    const to = out + <usize>(r * columns);
    let i = 0;
    for (; i + 4 <= count; i += 4) {
      const left = aColumn !== 0 ? v128.load(from) : v128.load32_splat(from);
      const right = bColumn !== 0 ? v128.load(other) : v128.load32_splat(other);
      const holds = Compare.apply(comparison, left, right);
      const words = i16x8.narrow_i32x4_s(holds, holds);
      const bytes = v128.and(i8x16.narrow_i16x8_s(words, words), i8x16.splat(1));
      v128.store32_lane(to + <usize>i, bytes, 0);
      from += <usize>aColumn * 16;
      other += <usize>bColumn * 16;
    }
    for (; i < count; i++) {
      const holds = Compare.apply(comparison, v128.load32_splat(from), v128.load32_splat(other));
      store<u8>(to + <usize>i, i32x4.extract_lane(holds, 0) & 1);
      from += <usize>aColumn * 4;
      other += <usize>bColumn * 4;
    }
  }
}
