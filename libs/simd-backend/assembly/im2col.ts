import { Floats } from './floats';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';

/** Output positions that one task unfolds. */
export const IM2COL_ROWS: i32 = 64;

/**
 * Unfolds x: row r of `columns` [rows, rowBytes] gets the patch [kd, kh, kw, xc] that output
 * position `first + r` sees, with zeros where it sees padding. Task = IM2COL_ROWS rows.
 */
export function im2col(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  columns: usize,
  rowBytes: usize,
  first: i32,
  rows: i32,
): void {
  const end = min(rows, (task + 1) * IM2COL_ROWS);
  const channels = <usize>g.xc * 4;
  for (let r = task * IM2COL_ROWS; r < end; r++) {
    let position = first + r;
    const ow = position % g.yw;
    position /= g.yw;
    const oh = position % g.yh;
    position /= g.yh;
    const od = position % g.yd;
    const n = position / g.yd;
    let to = columns + <usize>r * rowBytes;
    const w0 = ow * g.strideW - g.padW;
    const inside = g.dilationW === 1 && w0 >= 0 && w0 + g.kw <= g.xw;
    for (let i = 0; i < g.kd; i++) {
      const d = od * g.strideD - g.padD + i * g.dilationD;
      for (let j = 0; j < g.kh; j++) {
        const h = oh * g.strideH - g.padH + j * g.dilationH;
        if (<u32>d >= <u32>g.xd || <u32>h >= <u32>g.xh) {
          to = Floats.zero(to, <usize>g.kw * channels);
          continue;
        }
        const line = x + <usize>((n * g.xd + d) * g.xh + h) * <usize>g.xw * channels;
        if (inside) {
          to = Floats.copy(to, line + <usize>w0 * channels, <usize>g.kw * channels);
          continue;
        }
        for (let k = 0; k < g.kw; k++) {
          const w = w0 + k * g.dilationW;
          if (<u32>w < <u32>g.xw) to = Floats.copy(to, line + <usize>w * channels, channels);
          else to = Floats.zero(to, channels);
        }
      }
    }
  }
}
