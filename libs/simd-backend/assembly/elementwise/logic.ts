/** What the kernel `logic` computes. */
export const enum LogicOperation {
  and,
  or,
  not,
}

class Logic {
  /** All ones where the result is true. */
  @inline
  static apply(operation: LogicOperation, a: v128, b: v128): v128 {
    const isFalse = i8x16.eq(a, i8x16.splat(0));
    if (operation === LogicOperation.not) return isFalse;
    const other = i8x16.eq(b, i8x16.splat(0));
    if (operation === LogicOperation.and) return v128.not(v128.or(isFalse, other));
    return v128.not(v128.and(isFalse, other));
  }
}

/** out = a (op) b, all bytes; `not` reads a alone. Task = `block` elements. */
export function logic(
  task: i32,
  thread: i32,
  operation: LogicOperation,
  a: usize,
  b: usize,
  out: usize,
  size: i32,
  block: i32,
): void {
  const end = min(size, (task + 1) * block);
  let i = task * block;
  for (; i + 16 <= end; i += 16) {
    const at = <usize>i;
    const result = Logic.apply(operation, v128.load(a + at), v128.load(b + at));
    v128.store(out + at, v128.and(result, i8x16.splat(1)));
  }
  for (; i < end; i++) {
    const at = <usize>i;
    const result = Logic.apply(operation, v128.load8_splat(a + at), v128.load8_splat(b + at));
    store<u8>(out + at, i8x16.extract_lane_u(result, 0) & 1);
  }
}
