import { Vector } from '../vector';

/** The natural logarithm of four floats, within two units in the last place. */
export class Logarithm {
  /** ln x = ln m + e ln 2 for x = 2^e m, with m between the roots of 1/2 and 2. */
  @inline
  static ln(x: v128): v128 {
    // Numbers below the smallest normal one have no exponent of their own.
    const tiny = f32x4.lt(x, f32x4.splat(1.1754944e-38));
    const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
    const shift = v128.bitselect(i32x4.splat(-23), i32x4.splat(0), tiny);
    // The exponent goes up where the digits reach the root of 2: 0x3f3504f3 is that of 1/2.
    const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
    const exponent = i32x4.add(i32x4.shr_s(bits, 23), shift);
    const digits = v128.and(bits, i32x4.splat(0x007fffff));
    const m = i32x4.add(digits, i32x4.splat(0x3f3504f3));
    const e = f32x4.convert_i32x4_s(exponent);
    const z = f32x4.sub(m, f32x4.splat(1));
    const square = f32x4.mul(z, z);
    let p = f32x4.splat(7.0376836292e-2);
    p = Vector.madd(p, z, f32x4.splat(-1.151461031e-1));
    p = Vector.madd(p, z, f32x4.splat(1.167699874e-1));
    p = Vector.madd(p, z, f32x4.splat(-1.2420140846e-1));
    p = Vector.madd(p, z, f32x4.splat(1.4249322787e-1));
    p = Vector.madd(p, z, f32x4.splat(-1.6668057665e-1));
    p = Vector.madd(p, z, f32x4.splat(2.0000714765e-1));
    p = Vector.madd(p, z, f32x4.splat(-2.4999993993e-1));
    p = Vector.madd(p, z, f32x4.splat(3.3333331174e-1));
    let y = f32x4.mul(f32x4.mul(p, z), square);
    y = Vector.madd(e, f32x4.splat(-2.1219444e-4), y);
    y = Vector.madd(square, f32x4.splat(-0.5), y);
    const finite = Vector.madd(e, f32x4.splat(0.693359375), f32x4.add(z, y));
    const zero = f32x4.eq(x, f32x4.splat(0));
    const special = v128.bitselect(f32x4.splat(-Infinity), x, zero);
    const isSpecial = v128.or(zero, f32x4.eq(x, f32x4.splat(Infinity)));
    const positive = v128.bitselect(special, finite, isSpecial);
    // Negative numbers and NaN.
    return v128.bitselect(positive, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
  }
}
