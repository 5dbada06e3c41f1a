/** What the kernel `binary` computes. */
export const enum BinaryOperation {
  add,
  subtract,
  multiply,
  divide,
  maximum,
  minimum,
  squaredDifference,
}

class Binary {
  @inline
  static apply(operation: BinaryOperation, a: v128, b: v128): v128 {
    if (operation === BinaryOperation.add) return f32x4.add(a, b);
    if (operation === BinaryOperation.subtract) return f32x4.sub(a, b);
    if (operation === BinaryOperation.multiply) return f32x4.mul(a, b);
    if (operation === BinaryOperation.divide) return f32x4.div(a, b);
    if (operation === BinaryOperation.maximum) return f32x4.max(a, b);
    if (operation === BinaryOperation.minimum) return f32x4.min(a, b);
    const difference = f32x4.sub(a, b);
    return f32x4.mul(difference, difference);
  }

  /**
   * `operation` is a constant wherever this is inlined, so each loop is compiled for one
   * operation.
   */
  @inline
  static run(
    operation: BinaryOperation,
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
      let other = b + <usize>(r * bRow) * 4;
      let to = out + <usize>(r * columns) * 4;
      let i = 0;
      if (aColumn !== 0 && bColumn !== 0) {
        for (; i + 4 <= count; i += 4) {
          v128.store(to, Binary.apply(operation, v128.load(from), v128.load(other)));
          from += 16;
          other += 16;
          to += 16;
        }
      } else {
        const x = v128.load32_splat(from);
        const y = v128.load32_splat(other);
        for (; i + 4 <= count; i += 4) {
          const left = aColumn !== 0 ? v128.load(from) : x;
          const right = bColumn !== 0 ? v128.load(other) : y;
          v128.store(to, Binary.apply(operation, left, right));
          if (aColumn !== 0) from += 16;
          if (bColumn !== 0) other += 16;
          to += 16;
        }
      }
      for (; i < count; i++) {
        const left = v128.load32_splat(from);
        const right = v128.load32_splat(other);
        v128.store_lane<f32>(to, Binary.apply(operation, left, right), 0);
        from += <usize>aColumn * 4;
        other += <usize>bColumn * 4;
        to += 4;
      }
    }
  }
}

/**
 * out[r, c] = a (op) b over rows of `columns`, `size` elements in all (the last row may be
 * shorter). An operand advances by aRow floats a row and by aColumn, 0 or 1, a column. This
 * covers equal shapes, scalars, rows and columns. Task = `rowsPerTask` rows.
 */
export function binary(
  task: i32,
  thread: i32,
  operation: BinaryOperation,
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
  switch (operation) {
    case BinaryOperation.add:
      return Binary.run(
        BinaryOperation.add,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.subtract:
      return Binary.run(
        BinaryOperation.subtract,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.multiply:
      return Binary.run(
        BinaryOperation.multiply,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.divide:
      return Binary.run(
        BinaryOperation.divide,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.maximum:
      return Binary.run(
        BinaryOperation.maximum,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.minimum:
      return Binary.run(
        BinaryOperation.minimum,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
    case BinaryOperation.squaredDifference:
      return Binary.run(
        BinaryOperation.squaredDifference,
        task,
        a,
        aRow,
        aColumn,
        b,
        bRow,
        bColumn,
        out,
        size,
        columns,
        rowsPerTask,
      );
  }
}
