import { Block } from './block';

/** Columns of a panel: the width of the micro-kernel. */
export const PANEL_COLUMNS: i32 = 8;
/** Rows that are packed at a time. */
const ROWS: i32 = 8;

/**
 * Packs a matrix [k, columns] into panels of eight columns, [columns / 8][k][8], zero-filled at
 * the end.
 *
 * Element (k, n) is read at `source + p*batch + k*kStride + n*nStride` (bytes). Task = (p,
 * panel).
 */
export function packPanels(
  task: i32,
  thread: i32,
  source: usize,
  batch: usize,
  kStride: usize,
  nStride: usize,
  target: usize,
  k: i32,
  columns: i32,
): void {
  const panels = (columns + 7) / 8;
  const p = task / panels;
  const n = (task - p * panels) * 8;
  const count = min(8, columns - n);
  source += <usize>p * batch + <usize>n * nStride;
  const panel = <usize>k * 32;
  packColumns(source, kStride, nStride, target + <usize>task * panel, panel, k, count);
}

/** Packs `k` terms of `columns` columns, see packPanels. */
export function packColumns(
  source: usize,
  kStride: usize,
  nStride: usize,
  target: usize,
  panel: usize,
  k: i32,
  columns: i32,
): void {
  const whole = columns >> 3;
  if (nStride === 4) {
    // A few rows at a time: lines of the cache are read to their end, and filled.
    for (let i = 0; i < k; i += ROWS) {
      const from = source + <usize>i * kStride;
      packContiguous(from, kStride, target + <usize>i * 32, panel, min(ROWS, k - i), whole);
    }
  } else if (kStride === 4) {
    for (let j = 0; j < whole; j++) {
      packTransposed(source + <usize>(j * 8) * nStride, nStride, target + <usize>j * panel, k);
    }
  }
  const done = nStride === 4 || kStride === 4 ? whole : 0;
  for (let j = done * 8; j < columns; j += 8) {
    const from = source + <usize>j * nStride;
    packAny(from, kStride, nStride, target + <usize>(j >> 3) * panel, k, min(8, columns - j));
  }
}

function packContiguous(
  source: usize,
  kStride: usize,
  target: usize,
  panel: usize,
  rows: i32,
  panels: i32,
): void {
  for (let j = 0; j < panels; j++) {
    let from = source + <usize>j * 32;
    let to = target + <usize>j * panel;
    for (let i = 0; i < rows; i++) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += kStride;
      to += 32;
    }
  }
}

/** One panel from anywhere, zero-filled after `count` columns. */
function packAny(
  source: usize,
  kStride: usize,
  nStride: usize,
  target: usize,
  k: i32,
  count: i32,
): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < 8; j++) {
      const value = j < count ? load<f32>(source + <usize>j * nStride) : 0;
      store<f32>(target + <usize>j * 4, value);
    }
    source += kStride;
    target += 32;
  }
}

/** Each column is contiguous: four of them are turned into rows, four terms at a time. */
function packTransposed(source: usize, nStride: usize, target: usize, k: i32): void {
  const whole = k & ~3;
  for (let j = 0; j < 8; j += 4) {
    let from = source + <usize>j * nStride;
    let to = target + <usize>j * 4;
    for (let i = 0; i < whole; i += 4) {
      Block.transpose(from, nStride, to, 32);
      from += 16;
      to += 128;
    }
    for (let i = whole; i < k; i++) {
      for (let lane = 0; lane < 4; lane++) {
        store<f32>(to + <usize>lane * 4, load<f32>(from + <usize>lane * nStride));
      }
      from += 4;
      to += 32;
    }
  }
}
