/** The binary operations, by number, so that each exported kernel is compiled for its own. */
export const enum Operation {
  Add,
  Subtract,
  Multiply,
  Divide,
  Maximum,
  Minimum,
  SquaredDifference,
}

export class Binary {
  @inline
  static apply(operation: Operation, a: v128, b: v128): v128 {
    if (operation === Operation.Add) return f32x4.add(a, b);
    if (operation === Operation.Subtract) return f32x4.sub(a, b);
    if (operation === Operation.Multiply) return f32x4.mul(a, b);
    if (operation === Operation.Divide) return f32x4.div(a, b);
    if (operation === Operation.Maximum) return f32x4.max(a, b);
    if (operation === Operation.Minimum) return f32x4.min(a, b);
    const difference = f32x4.sub(a, b);
    return f32x4.mul(difference, difference);
  }

  /**
   * out[r, c] = a (op) b over rows of `columns`, `size` elements in all (the last row may be shorter). An operand steps
   * by aRow floats a row and by aColumn, 0 or 1, a column: this covers equal shapes, scalars, rows and columns.
   * Task = `rowsPerTask` rows.
   */
  @inline
  static run(
    operation: Operation,
    task: i32,
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
      let with_ = b + <usize>(r * bRow) * 4;
      let to = out + <usize>(r * columns) * 4;
      let i = 0;
      if (aColumn !== 0 && bColumn !== 0) {
        for (; i + 4 <= count; i += 4) {
          v128.store(to, Binary.apply(operation, v128.load(from), v128.load(with_)));
          from += 16;
          with_ += 16;
          to += 16;
        }
      } else {
        const x = v128.load32_splat(from);
        const y = v128.load32_splat(with_);
        for (; i + 4 <= count; i += 4) {
          const left = aColumn !== 0 ? v128.load(from) : x;
          const right = bColumn !== 0 ? v128.load(with_) : y;
          v128.store(to, Binary.apply(operation, left, right));
          if (aColumn !== 0) from += 16;
          if (bColumn !== 0) with_ += 16;
          to += 16;
        }
      }
      for (; i < count; i++) {
        const left = v128.load32_splat(from);
        const right = v128.load32_splat(with_);
        v128.store_lane<f32>(to, Binary.apply(operation, left, right), 0);
        from += <usize>aColumn * 4;
        with_ += <usize>bColumn * 4;
        to += 4;
      }
    }
  }
}
