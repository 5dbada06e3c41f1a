// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';

/** Most positions of a window: so many pairs fit into the scratch memory of a thread. */
export const MAX_TAPS: i32 = 32768;
/** Bytes of a pair. */
export const TAP_BYTES: usize = 8;

/**
 * The pairs of input and output that a window makes, for one position of either side. A pair is
 * the number of the position on the other side, and the position within the window, both i32.
 * Padding makes no pairs.
 */
export class Taps {
  /** Lists the inputs that an output sees; returns where the list ends. */
  static seen(g: Geometry, output: i32, list: usize): usize {
    const ow = output % g.yw;
    output /= g.yw;
    const oh = output % g.yh;
    output /= g.yh;
    const od = output % g.yd;
    const n = output / g.yd;
    for (let i = 0; i < g.kd; i++) {
      const d = od * g.strideD - g.padD + i * g.dilationD;
      if (<u32>d >= <u32>g.xd) continue;
      for (let j = 0; j < g.kh; j++) {
        const h = oh * g.strideH - g.padH + j * g.dilationH;
        if (<u32>h >= <u32>g.xh) continue;
        for (let k = 0; k < g.kw; k++) {
          const w = ow * g.strideW - g.padW + k * g.dilationW;
          if (<u32>w >= <u32>g.xw) continue;
          list = Taps.push(list, ((n * g.xd + d) * g.xh + h) * g.xw + w, (i * g.kh + j) * g.kw + k);
        }
      }
    }
    return list;
  }

  /** Lists the outputs that see an input; returns where the list ends. */
  static seeing(g: Geometry, input: i32, list: usize): usize {
    const w = (input % g.xw) + g.padW;
    input /= g.xw;
    const h = (input % g.xh) + g.padH;
    input /= g.xh;
    const d = (input % g.xd) + g.padD;
    const n = input / g.xd;
    for (let i = 0; i < g.kd; i++) {
      const od = Taps.output(d - i * g.dilationD, g.strideD, g.yd);
      if (od < 0) continue;
      for (let j = 0; j < g.kh; j++) {
        const oh = Taps.output(h - j * g.dilationH, g.strideH, g.yh);
        if (oh < 0) continue;
        for (let k = 0; k < g.kw; k++) {
          const ow = Taps.output(w - k * g.dilationW, g.strideW, g.yw);
          if (ow < 0) continue;
          list = Taps.push(
            list,
            ((n * g.yd + od) * g.yh + oh) * g.yw + ow,
            (i * g.kh + j) * g.kw + k,
          );
        }
      }
    }
    return list;
  }

  /** The output whose window begins `offset` after the padding's first zero, or -1. */
  @inline
  static output(offset: i32, stride: i32, size: i32): i32 {
    if (offset < 0) return -1;
    const output = offset / stride;
    return output < size && output * stride === offset ? output : -1;
  }

  @inline
  static push(list: usize, place: i32, index: i32): usize {
    store<i32>(list, place);
    store<i32>(list, index, 4);
    return list + TAP_BYTES;
  }

  /** Where the values of a pair's other side lie, `stride` bytes a position. */
  @inline
  static place(at: usize, stride: usize): usize {
    return <usize>load<i32>(at) * stride;
  }

  /** Where the weights of a pair lie, `stride` bytes a position of the window. */
  @inline
  static index(at: usize, stride: usize): usize {
    return <usize>load<i32>(at, 4) * stride;
  }
}
