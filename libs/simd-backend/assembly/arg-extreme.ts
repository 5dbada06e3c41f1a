/** From this length on a row of neighboring values is searched four values at a time. */
const LONG: i32 = 16;

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
    const row = x + (<usize>outer * <usize>size * <usize>inner + <usize>(r - outer * inner)) * 4;
    let place = 0;
    if (inner === 1 && size >= LONG) {
      place = smallest ? Row.extreme(row, size, true) : Row.extreme(row, size, false);
    } else {
      let best = load<f32>(row);
      let at = row;
      for (let i = 1; i < size; i++) {
        at += stride;
        const value = load<f32>(at);
        if (smallest ? value < best : value > best) {
          best = value;
          place = i;
        }
      }
    }
    store<i32>(out + <usize>r * 4, place);
  }
}

class Row {
  /** The place of the first extreme value. `smallest` is a constant where this is inlined. */
  @inline
  static extreme(row: usize, size: i32, smallest: bool): i32 {
    let best = v128.load32_splat(row);
    let places = i32x4.splat(0);
    let here = i32x4(0, 1, 2, 3);
    const four = i32x4.splat(4);
    let i = 0;
    for (; i + 4 <= size; i += 4) {
      const values = v128.load(row + <usize>i * 4);
      const better = smallest ? f32x4.lt(values, best) : f32x4.gt(values, best);
      best = v128.bitselect(values, best, better);
      places = v128.bitselect(here, places, better);
      here = i32x4.add(here, four);
    }
    let extreme = f32x4.extract_lane(best, 0);
    let place = i32x4.extract_lane(places, 0);
    for (let lane = 1; lane < 4; lane++) {
      best = v128.shuffle<f32>(best, best, 1, 2, 3, 0);
      places = v128.shuffle<i32>(places, places, 1, 2, 3, 0);
      const value = f32x4.extract_lane(best, 0);
      const other = i32x4.extract_lane(places, 0);
      const isBetter = smallest ? value < extreme : value > extreme;
      if (isBetter || (value === extreme && other < place)) {
        extreme = value;
        place = other;
      }
    }
    for (; i < size; i++) {
      const value = load<f32>(row + <usize>i * 4);
      if (smallest ? value < extreme : value > extreme) {
        extreme = value;
        place = i;
      }
    }
    return place;
  }
}
