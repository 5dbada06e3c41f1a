import { Vector } from '../vector';

/** e^x, tanh and the logistic function of four floats, within two units in the last place. */
export class Exponential {
  /**
   * e^x = 2^k e^r with |r| <= ln 2 / 2: k is rounded, r is computed in two steps, so that no
   * digit is lost, and e^r is the sum of the first terms of its series.
   */
  @inline
  static exp(x: v128): v128 {
    const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-87.33655)), f32x4.splat(88.72284));
    const k = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)));
    let r = Vector.madd(k, f32x4.splat(-0.693359375), bounded);
    r = Vector.madd(k, f32x4.splat(2.1219444e-4), r);
    let p = f32x4.splat(1 / 5040.0);
    p = Vector.madd(p, r, f32x4.splat(1 / 720.0));
    p = Vector.madd(p, r, f32x4.splat(1 / 120.0));
    p = Vector.madd(p, r, f32x4.splat(1 / 24.0));
    p = Vector.madd(p, r, f32x4.splat(1 / 6.0));
    p = Vector.madd(p, r, f32x4.splat(0.5));
    p = Vector.madd(p, r, f32x4.splat(1));
    p = Vector.madd(p, r, f32x4.splat(1));
    // 2^k in two factors, because k may reach 128.
    const whole = i32x4.trunc_sat_f32x4_s(k);
    const half = i32x4.shr_s(whole, 1);
    const rest = i32x4.sub(whole, half);
    const scaled = f32x4.mul(f32x4.mul(p, Exponential.power(half)), Exponential.power(rest));
    const large = f32x4.gt(x, f32x4.splat(88.72284));
    const small = f32x4.lt(x, f32x4.splat(-87.33655));
    const bounds = v128.bitselect(f32x4.splat(Infinity), f32x4.splat(0), large);
    const result = v128.bitselect(bounds, scaled, v128.or(large, small));
    return v128.bitselect(x, result, f32x4.ne(x, x));
  }

  /** 2^k for whole k in -126 .. 127. */
  @inline
  static power(k: v128): v128 {
    return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
  }

  /** 1 / (1 + e^-x) */
  @inline
  static sigmoid(x: v128): v128 {
    const one = f32x4.splat(1);
    return f32x4.div(one, f32x4.add(one, Exponential.exp(f32x4.neg(x))));
  }

  /** By e^2x away from zero, and by an odd polynomial near zero, where e^2x would cancel. */
  @inline
  static tanh(x: v128): v128 {
    const one = f32x4.splat(1);
    const magnitude = f32x4.abs(x);
    const e = Exponential.exp(f32x4.add(magnitude, magnitude));
    const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
    const square = f32x4.mul(x, x);
    let p = f32x4.splat(-5.70498872745e-3);
    p = Vector.madd(p, square, f32x4.splat(2.06390887954e-2));
    p = Vector.madd(p, square, f32x4.splat(-5.37397155531e-2));
    p = Vector.madd(p, square, f32x4.splat(1.33314422036e-1));
    p = Vector.madd(p, square, f32x4.splat(-3.33332819422e-1));
    const near = Vector.madd(f32x4.mul(p, square), x, x);
    const sign = v128.and(x, f32x4.splat(-0.0));
    return v128.bitselect(near, v128.or(far, sign), f32x4.lt(magnitude, f32x4.splat(0.625)));
  }
}
