import { Block } from './block';
import { Floats } from './floats';
import { PANEL_PAD, Scratch, TERM_BLOCK } from './memory';
import { Micro } from './micro';
import { packColumns } from './pack';

/**
 * One block of C[p] = A[p] B[p] for a batch of p, row-major C; all strides in bytes.
 *
 * Element (m, k) of A[p] is at `a + p*aBatch + m*aRow + k*aStep`, and element (k, n) of B[p] at
 * `b + p*bBatch + k*bRow + n*bStep`. This covers rows and their transposes. Where `bPanel` is not
 * 0, B[p] is in panels instead, see pack.ts: `b + p*bBatch + (n/8)*bPanel + k*32 + (n%8)*4`. With
 * `upper`, blocks wholly below the diagonal of C are left out. `wide` computes tiles of 16
 * columns, with the same sums to the bit. Task = (p, block of `nb` columns, block of `mb` rows).
 */
export function gemm(
  task: i32,
  thread: i32,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aBatch: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bBatch: usize,
  bRow: usize,
  bStep: usize,
  bPanel: usize,
  c: usize,
  cBatch: usize,
  cRow: usize,
  accumulate: bool,
  upper: bool,
  mb: i32,
  nb: i32,
  wide: bool,
): void {
  const mBlocks = (m + mb - 1) / mb;
  const blocks = mBlocks * ((n + nb - 1) / nb);
  const p = task / blocks;
  const block = task - p * blocks;
  const m0 = (block % mBlocks) * mb;
  const m1 = min(m, m0 + mb);
  const n0 = (block / mBlocks) * nb;
  const n1 = min(n, n0 + nb);
  if (upper && m0 >= n1) return;
  a += <usize>p * aBatch + <usize>m0 * aRow;
  b += <usize>p * bBatch;
  c += <usize>p * cBatch;
  const sums = Scratch.of(thread);
  // Rows of B are used where they lie, unless so many lie a power of two apart that they meet in a
  // few sets of the L1 cache.
  const inPlace = bStep === 4 && (n & 7) === 0 && (bRow & 255) !== 0;
  if (aStep === 4) touchRuns(a, aRow, m1 - m0, k, sums);
  if (bRow === 4) touchRuns(b + <usize>n0 * bStep, bStep, n1 - n0, k, sums);

  for (let k0 = 0; k0 < k; k0 += TERM_BLOCK) {
    const kb = min(TERM_BLOCK, k - k0);
    const add = accumulate || k0 > 0;
    const panels = Scratch.panels(thread);
    if (aRow === 4) touchRuns(a + <usize>k0 * aStep, aStep, kb, m1 - m0, sums);
    if (bStep === 4) touchRuns(b + <usize>k0 * bRow + <usize>n0 * 4, bRow, kb, n1 - n0, sums);
    packRows(a + <usize>k0 * aStep, aRow, aStep, panels, m1 - m0, kb);
    // Eight columns after `column` begin every `nextPanel` bytes; their rows are `row` bytes long.
    let column = b + <usize>k0 * bRow + <usize>n0 * 4;
    let nextPanel: usize = 32;
    let row = bRow;
    if (bPanel !== 0) {
      column = b + <usize>(n0 >> 3) * bPanel + <usize>k0 * 32;
      nextPanel = bPanel;
      row = 32;
    } else if (!inPlace) {
      const from = b + <usize>k0 * bRow + <usize>n0 * bStep;
      column = Scratch.columns(thread);
      nextPanel = <usize>kb * 32 + PANEL_PAD;
      row = 32;
      packColumns(from, bRow, bStep, column, nextPanel, kb, n1 - n0);
    }
    for (let j = n0, width = 8; j < n1; j += width) {
      width = wide && j + 8 < n1 ? 16 : 8;
      const panel = column + <usize>((j - n0) >> 3) * nextPanel;
      const last = upper ? min(m1, j + width) : m1;
      let rows = panels;
      for (let i = m0, height = 4; i < last; i += height) {
        height = Micro.rows(m1 - i);
        const out = c + <usize>i * cRow + <usize>j * 4;
        const right = width === 16 ? panel + nextPanel : 0;
        if (!add && i + height <= m1 && j + width <= n) {
          Micro.product(height, kb, rows, panel, right, row, out, cRow);
        } else {
          Micro.product(height, kb, rows, panel, right, row, sums, 64);
          merge(sums, out, cRow, add, min(height, m1 - i), min(width, n - j));
        }
        rows += <usize>(kb * height) * 4;
      }
    }
  }
}

/** Floats.touch for runs of `length` floats, `next` bytes apart, where little lies between them. */
function touchRuns(at: usize, next: usize, runs: i32, length: i32, to: usize): void {
  const bytes = <usize>length * 4;
  if (next <= bytes + 64) Floats.touch(at, <usize>(runs - 1) * next + bytes, to);
}

/**
 * Packs rows of A into the tiles' panels [k][Micro.rows], one after the other, zero-filled at the
 * end. The micro-kernels read them in one pass.
 */
function packRows(a: usize, aRow: usize, aStep: usize, to: usize, rows: i32, k: i32): void {
  for (let height = 4; rows > 0; rows -= height) {
    height = Micro.rows(rows);
    const next = <usize>height * 4;
    let i = 0;
    if (rows >= height && aRow === 4) {
      for (let from = a; i < k; i++, from += aStep, to += next) {
        v128.store(to, v128.load(from));
        if (height === 6) store<u64>(to, load<u64>(from, 16), 16);
      }
    } else if (rows >= height && aStep === 4) {
      for (let from = a; i + 4 <= k; i += 4, from += 16, to += 4 * next) {
        Block.transpose(from, aRow, to, next);
        if (height === 6) Block.transposePair(from + 4 * aRow, aRow, to + 16, next);
      }
    }
    for (; i < k; i++, to += next) {
      const from = a + <usize>i * aStep;
      for (let r = 0; r < height; r++) {
        store<f32>(to + <usize>r * 4, r < rows ? load<f32>(from + <usize>r * aRow) : 0);
      }
    }
    a += <usize>height * aRow;
  }
}

/**
 * Copies what lies above the diagonal of symmetric C[p] [size, size] to below. Task = (p, row).
 */
export function mirrorUpper(task: i32, thread: i32, c: usize, size: i32): void {
  const p = task / size;
  const row = <usize>size * 4;
  c += <usize>p * <usize>size * row;
  const i = <usize>(task - p * size);
  for (let j: usize = 0; j < i; j++)
    store<f32>(c + i * row + j * 4, load<f32>(c + j * row + i * 4));
}

/** Stores the part of a tile that lies inside C, or adds it to what is there. */
function merge(tile: usize, c: usize, cRow: usize, add: bool, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++, tile += 64, c += cRow) {
    let j: usize = 0;
    for (const whole = <usize>(columns & ~3) * 4; j < whole; j += 16) {
      const value = v128.load(tile + j);
      v128.store(c + j, add ? f32x4.add(value, v128.load(c + j)) : value);
    }
    for (const end = <usize>columns * 4; j < end; j += 4) {
      const value = load<f32>(tile + j);
      store<f32>(c + j, add ? value + load<f32>(c + j) : value);
    }
  }
}
