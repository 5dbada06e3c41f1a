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
  // The rows of one line of outputs at a time: they see the same lines of x.
  for (let r = task * IM2COL_ROWS; r < end;) {
    const position = first + r;
    const ow = position % g.yw;
    const count = min(end - r, g.yw - ow);
    unfoldLine(g, x, columns + <usize>r * rowBytes, rowBytes, position / g.yw, ow, count);
    r += count;
  }
}

/** Unfolds `count` outputs of a line from number `ow` on. */
function unfoldLine(
  g: Geometry,
  x: usize,
  to: usize,
  rowBytes: usize,
  line: i32,
  ow: i32,
  count: i32,
): void {
  const channels = <usize>g.xc * 4;
  const bytes = <usize>g.kw * channels;
  const step = <usize>g.strideW * channels;
  const oh = line % g.yh;
  line /= g.yh;
  const od = line % g.yd;
  const n = line / g.yd;
  for (let i = 0; i < g.kd; i++) {
    const d = od * g.strideD - g.padD + i * g.dilationD;
    for (let j = 0; j < g.kh; j++) {
      const h = oh * g.strideH - g.padH + j * g.dilationH;
      const isPadding = <u32>d >= <u32>g.xd || <u32>h >= <u32>g.xh;
      let w = ow * g.strideW - g.padW;
      let from = x + <usize>(((n * g.xd + d) * g.xh + h) * g.xw + w) * channels;
      let at = to;
      for (let o = 0; o < count; o++) {
        if (isPadding) Floats.zero(at, bytes);
        else if (g.dilationW !== 1 || w < 0 || w + g.kw > g.xw) unfoldEdge(g, from, w, at);
        else if (bytes === 16) v128.store(at, v128.load(from));
        else Floats.copy(at, from, bytes);
        w += g.strideW;
        from += step;
        at += rowBytes;
      }
      to += bytes;
    }
  }
}

/** Unfolds the inputs from `w` on, at `from`, that one output sees in a line. */
function unfoldEdge(g: Geometry, from: usize, w: i32, to: usize): void {
  const channels = <usize>g.xc * 4;
  for (let k = 0; k < g.kw; k++) {
    const tap = k * g.dilationW;
    if (<u32>(w + tap) >= <u32>g.xw) to = Floats.zero(to, channels);
    else to = Floats.copy(to, from + <usize>tap * channels, channels);
  }
}
