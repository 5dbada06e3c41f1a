/**
 * The place along the middle axis of x [outer, size, inner] of the largest value, or of the
 * smallest: the first one if there are several. NaN is passed over, unless it comes first. Task =
 * `perTask` of the `count` = outer * inner results, 32-bit integers.
 */
export function argExtreme(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  count: i32,
  size: i32,
  inner: i32,
  smallest: bool,
  perTask: i32,
): void {
  const end = min(count, (task + 1) * perTask);
  const stride = <usize>inner * 4;
  for (let r = task * perTask; r < end; r++) {
    const outer = r / inner;
    let at = x + (<usize>outer * <usize>size * <usize>inner + <usize>(r - outer * inner)) * 4;
    let best = load<f32>(at);
    let place = 0;
    for (let i = 1; i < size; i++) {
      at += stride;
      const value = load<f32>(at);
      if (smallest ? value < best : value > best) {
        best = value;
        place = i;
      }
    }
    store<i32>(out + <usize>r * 4, place);
  }
}
