// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';

/** Most positions of a window: so many pairs fit into the scratch memory of a thread. */
export const MAX_TAPS: i32 = 32768;
/** Bytes of a pair. */
export const TAP_BYTES: usize = 8;

/**
 * The pairs of input and output that a window makes, for one position of either side. A pair says
 * where the channels of the other side lie, and those of the position within the window, in bytes
 * from where either begins. Padding makes no pairs.
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
          const input = ((n * g.xd + d) * g.xh + h) * g.xw + w;
          list = Taps.push(g, list, input, (i * g.kh + j) * g.kw + k);
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
          const output = ((n * g.yd + od) * g.yh + oh) * g.yw + ow;
          list = Taps.push(g, list, output, (i * g.kh + j) * g.kw + k);
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

  /**
   * Whether an output sees what the one before it sees, `step` bytes further: both windows lie
   * within the same rows of the input.
   */
  @inline
  static follows(g: Geometry, output: i32): bool {
    const w = (output % g.yw) * g.strideW - g.padW;
    return w >= g.strideW && w + (g.kw - 1) * g.dilationW < g.xw;
  }

  /** How far the inputs of neighboring outputs lie apart, in bytes. */
  @inline
  static step(g: Geometry): usize {
    return <usize>(g.strideW * g.xc) * 4;
  }

  @inline
  static push(g: Geometry, list: usize, place: i32, index: i32): usize {
    store<usize>(list, <usize>place * <usize>g.xc * 4);
    store<usize>(list, <usize>index * <usize>g.xc * 4, 4);
    return list + TAP_BYTES;
  }

  /** Where the channels of the other side lie. */
  @inline
  static place(at: usize): usize {
    return load<usize>(at);
  }

  /** Where those of the position within the window lie. */
  @inline
  static index(at: usize): usize {
    return load<usize>(at, 4);
  }
}
