import { Block } from './block';
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
  const edge = Scratch.of(thread);
  // Rows of B are used where they lie, unless so many lie a power of two apart that they meet in a
  // few sets of the L1 cache.
  const inPlace = bStep === 4 && (n & 7) === 0 && (bRow & 255) !== 0;

  for (let k0 = 0; k0 < k; k0 += TERM_BLOCK) {
    const kb = min(TERM_BLOCK, k - k0);
    const add = accumulate || k0 > 0;
    const panels = Scratch.panels(thread);
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
      for (let i = m0; i < last; i += 4) {
        const out = c + <usize>i * cRow + <usize>j * 4;
        const whole = i + 4 <= m1 && j + width <= n;
        const to = whole ? out : edge;
        const toRow = whole ? cRow : 64;
        if (width === 16)
          Micro.tile4x16(kb, rows, panel, panel + nextPanel, row, to, toRow, add && whole);
        else Micro.tile4x8(kb, rows, panel, row, to, toRow, add && whole);
        if (!whole) storeEdge(edge, out, cRow, add, min(4, m1 - i), min(width, n - j));
        rows += <usize>kb * 16;
      }
    }
  }
}

/**
 * Packs rows of A into panels [rows / 4][k][4], zero-filled at the end. The micro-kernel reads
 * them in one pass.
 */
function packRows(a: usize, aRow: usize, aStep: usize, to: usize, rows: i32, k: i32): void {
  for (; rows > 0; rows -= 4, a += 4 * aRow) {
    if (rows >= 4 && aRow === 4) {
      let from = a;
      for (let i = 0; i < k; i++, from += aStep, to += 16) v128.store(to, v128.load(from));
      continue;
    }
    let i = 0;
    if (rows >= 4 && aStep === 4) {
      for (; i + 4 <= k; i += 4, to += 64) Block.transpose(a + <usize>i * 4, aRow, to, 16);
    }
    for (; i < k; i++, to += 16) {
      const from = a + <usize>i * aStep;
      for (let r = 0; r < 4; r++) {
        store<f32>(to + <usize>r * 4, r < rows ? load<f32>(from + <usize>r * aRow) : 0);
      }
    }
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

/** Stores the part of a tile [4, 16] that lies inside C. */
function storeEdge(
  edge: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
  rows: i32,
  columns: i32,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const from = edge + <usize>(i * 16 + j) * 4;
      const to = c + <usize>i * cRow + <usize>j * 4;
      store<f32>(to, accumulate ? load<f32>(to) + load<f32>(from) : load<f32>(from));
    }
  }
}
