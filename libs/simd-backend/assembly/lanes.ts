/** Four neighbouring floats, or only the first where a row ends (`whole` is false). */
export class Lanes {
  @inline
  static load(at: usize, whole: bool): v128 {
    return whole ? v128.load(at) : v128.load32_splat(at);
  }

  @inline
  static store(at: usize, value: v128, whole: bool): void {
    if (whole) v128.store(at, value);
    else v128.store_lane<f32>(at, value, 0);
  }

  @inline
  static add(at: usize, value: v128, whole: bool): void {
    Lanes.store(at, f32x4.add(Lanes.load(at, whole), value), whole);
  }
}
