import { Floats } from './floats';
// eslint-disable-next-line @typescript-eslint/consistent-type-imports -- unknown to AssemblyScript
import { Geometry } from './geometry';
import { Scratch } from './memory';
import { Micro } from './micro';
import { Vector } from './vector';

/** The lines of x that a line of outputs sees: line (i, j) is at `at + i*plane + j*row`. */
@unmanaged
class Window {
  at: usize;
  plane: usize;
  row: usize;
}

/** Bytes of a tile [4, 8] that does not fit into y. What a Window takes follows. */
const EDGE_BYTES: usize = 128;

/**
 * A convolution that reads x where it lies: for filters of few outputs, which do not pay for
 * unfolding x. `panels` are the filter's. A line of y has four positions or more, and windows are
 * not dilated along it. Task = `perTask` of the `lines` of y.
 */
export function direct(
  task: i32,
  thread: i32,
  g: Geometry,
  x: usize,
  panels: usize,
  y: usize,
  lines: i32,
  perTask: i32,
): void {
  const edge = Scratch.of(thread);
  const window = changetype<Window>(edge + EDGE_BYTES);
  const step = <usize>(g.strideW * g.xc) * 4;
  const terms = g.kw * g.xc;
  const panel = <usize>(g.kd * g.kh * terms) * 32;
  const position = <usize>g.yc * 4;
  const end = min(lines, (task + 1) * perTask);
  for (let line = task * perTask; line < end; line++) {
    see(g, x, line, Scratch.panels(thread), window);
    const out = y + <usize>(line * g.yw) * position;
    for (let c = 0; c < g.yc; c += 8) {
      const weights = panels + <usize>(c >> 3) * panel;
      const count = min(8, g.yc - c);
      const whole = count === 8;
      for (let w = 0; w < g.yw; w += 4) {
        // The last tile begins earlier and computes some positions again.
        const first = <usize>min(w, g.yw - 4);
        const to = out + first * position + <usize>c * 4;
        tile(
          window.at + first * step,
          window.plane,
          window.row,
          step,
          g.kd,
          g.kh,
          terms,
          weights,
          whole ? to : edge,
          whole ? position : 32,
        );
        if (whole) continue;
        for (let r: usize = 0; r < 4; r++) {
          Floats.copy(to + r * position, edge + r * 32, <usize>count * 4);
        }
      }
    }
  }
}

/** Finds the lines of x that line `line` of y sees. Where some is padding, they are copied. */
function see(g: Geometry, x: usize, line: i32, copies: usize, window: Window): void {
  const h0 = (line % g.yh) * g.strideH - g.padH;
  line /= g.yh;
  const d0 = (line % g.yd) * g.strideD - g.padD;
  const n = line / g.yd;
  const position = <usize>g.xc * 4;
  const length = <usize>g.xw * position;
  x += <usize>(n * g.xd * g.xh) * length;
  const width = (g.yw - 1) * g.strideW + g.kw;
  const inside =
    isInside(-g.padW, width - 1, g.xw) &&
    isInside(h0, (g.kh - 1) * g.dilationH, g.xh) &&
    isInside(d0, (g.kd - 1) * g.dilationD, g.xd);
  if (inside) {
    window.at = x + <usize>(d0 * g.xh + h0) * length - <usize>g.padW * position;
    window.plane = <usize>(g.dilationD * g.xh) * length;
    window.row = <usize>g.dilationH * length;
    return;
  }
  window.at = copies;
  window.row = <usize>width * position;
  window.plane = <usize>g.kh * window.row;
  const before = min(width, max(0, g.padW));
  const from = max(0, -g.padW);
  const held = max(0, min(width - before, g.xw - from));
  for (let i = 0; i < g.kd; i++) {
    const d = d0 + i * g.dilationD;
    for (let j = 0; j < g.kh; j++) {
      const h = h0 + j * g.dilationH;
      if (<u32>d >= <u32>g.xd || <u32>h >= <u32>g.xh) {
        copies = Floats.zero(copies, window.row);
        continue;
      }
      const source = x + <usize>(d * g.xh + h) * length + <usize>from * position;
      copies = Floats.zero(copies, <usize>before * position);
      copies = Floats.copy(copies, source, <usize>held * position);
      copies = Floats.zero(copies, <usize>(width - before - held) * position);
    }
  }
}

/** Whether a window of `span` and one positions begins and ends within an axis. */
function isInside(first: i32, span: i32, size: i32): bool {
  return first >= 0 && first + span < size;
}

/** Four neighboring positions of y, eight columns each: as Micro.product, but A is not packed. */
function tile(
  a: usize,
  plane: usize,
  row: usize,
  step: usize,
  kd: i32,
  kh: i32,
  terms: i32,
  b: usize,
  to: usize,
  toRow: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const step2 = step * 2;
  const step3 = step * 3;
  for (let i = 0; i < kd; i++, a += plane) {
    let line = a;
    for (let j = 0; j < kh; j++, line += row) {
      let at = line;
      for (let t = terms; t > 0; t--) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        const x0 = v128.load32_splat(at);
        c00 = Vector.madd(x0, b0, c00);
        c01 = Vector.madd(x0, b1, c01);
        const x1 = v128.load32_splat(at + step);
        c10 = Vector.madd(x1, b0, c10);
        c11 = Vector.madd(x1, b1, c11);
        const x2 = v128.load32_splat(at + step2);
        c20 = Vector.madd(x2, b0, c20);
        c21 = Vector.madd(x2, b1, c21);
        const x3 = v128.load32_splat(at + step3);
        c30 = Vector.madd(x3, b0, c30);
        c31 = Vector.madd(x3, b1, c31);
        at += 4;
        b += 32;
      }
    }
  }
  Micro.store(to, c00, c01);
  Micro.store(to + toRow, c10, c11);
  Micro.store(to + 2 * toRow, c20, c21);
  Micro.store(to + 3 * toRow, c30, c31);
}
