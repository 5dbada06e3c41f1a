/**
 * out = condition (bytes) ? a : b, element by element. Task = `block` elements, a multiple of
 * four.
 */
export function select(
  task: i32,
  thread: i32,
  condition: usize,
  a: usize,
  b: usize,
  out: usize,
  size: i32,
  block: i32,
): void {
  const end = min(size, (task + 1) * block);
  let i = task * block;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i * 4;
    const bytes = v128.load32_zero(condition + <usize>i);
    const wide = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    const mask = i32x4.ne(wide, i32x4.splat(0));
    v128.store(out + at, v128.bitselect(v128.load(a + at), v128.load(b + at), mask));
  }
  for (; i < end; i++) {
    const at = <usize>i * 4;
    store<f32>(out + at, load<f32>((load<u8>(condition + <usize>i) !== 0 ? a : b) + at));
  }
}
