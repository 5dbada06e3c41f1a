export class Vector {
  /** a * b + c, in one rounding where relaxed SIMD is there. */
  @inline
  static madd(a: v128, b: v128, c: v128): v128 {
    if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
    return f32x4.add(f32x4.mul(a, b), c);
  }

  /** The sum of the four floats. */
  @inline
  static sum(v: v128): f32 {
    return (
      f32x4.extract_lane(v, 0) +
      f32x4.extract_lane(v, 1) +
      (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
    );
  }

  /** The largest of the four floats, in each lane; NaN if one is NaN. */
  @inline
  static max(v: v128): v128 {
    const halves = f32x4.max(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
    return f32x4.max(halves, v128.shuffle<f32>(halves, halves, 1, 0, 3, 2));
  }
}
