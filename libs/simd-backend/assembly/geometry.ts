/**
 * A convolution from the big side x [batch, xd, xh, xw, xc] to the small side y [batch, yd, yh,
 * yw, yc].
 *
 * Output o along an axis sees the inputs o*stride - pad + k*dilation for k below the kernel's
 * size.
 */
@unmanaged
export class Geometry {
  xd: i32;
  xh: i32;
  xw: i32;
  xc: i32;
  yd: i32;
  yh: i32;
  yw: i32;
  yc: i32;
  kd: i32;
  kh: i32;
  kw: i32;
  strideD: i32;
  strideH: i32;
  strideW: i32;
  padD: i32;
  padH: i32;
  padW: i32;
  dilationD: i32;
  dilationH: i32;
  dilationW: i32;
}
