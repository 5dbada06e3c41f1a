import { Floats } from './floats';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';

/**
 * The adjoint of im2col: adds to each position of x the entries of `columns` that im2col would
 * have copied from there. `columns` has the rows of the outputs `first` .. `first + rows - 1`.
 * Task = (sample, depth, height) of x, counted from `firstLine`.
 */
export function col2im(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  columns: usize,
  rowBytes: usize,
  first: i32,
  rows: i32,
  firstLine: i32,
): void {
  const line = firstLine + task;
  const h = line % g.xh;
  const d = (line / g.xh) % g.xd;
  const n = line / g.xh / g.xd;
  const channels = <usize>g.xc * 4;
  const step = <usize>g.strideW * channels;
  x += <usize>line * <usize>g.xw * channels;
  for (let i = 0; i < g.kd; i++) {
    const od = output(d + g.padD - i * g.dilationD, g.strideD, g.yd);
    if (od < 0) continue;
    for (let j = 0; j < g.kh; j++) {
      const oh = output(h + g.padH - j * g.dilationH, g.strideH, g.yh);
      if (oh < 0) continue;
      const row = ((n * g.yd + od) * g.yh + oh) * g.yw - first;
      for (let k = 0; k < g.kw; k++) {
        const tap = columns + <usize>((i * g.kh + j) * g.kw + k) * channels;
        const offset = k * g.dilationW - g.padW;
        // The outputs that this tap joins to a position inside x.
        const low = max(max(0, -row), ceilDivide(-offset, g.strideW));
        const high = min(min(g.yw, rows - row), ceilDivide(g.xw - offset, g.strideW));
        let from = tap + <usize>(row + low) * rowBytes;
        let to = x + <usize>(low * g.strideW + offset) * channels;
        for (let o = low; o < high; o++) {
          if (channels === 4) store<f32>(to, load<f32>(to) + load<f32>(from));
          else Floats.add(to, from, channels);
          from += rowBytes;
          to += step;
        }
      }
    }
  }
}

/** The output whose window starts `distance` before a position, or -1. */
function output(distance: i32, stride: i32, outputs: i32): i32 {
  if (distance < 0 || distance % stride !== 0) return -1;
  const o = distance / stride;
  return o < outputs ? o : -1;
}

function ceilDivide(a: i32, b: i32): i32 {
  return a > 0 ? (a + b - 1) / b : -(-a / b);
}
