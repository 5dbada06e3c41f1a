import { Block } from './block';

/** Columns of a panel: the width of the micro-kernel. */
export const PANEL_COLUMNS: i32 = 8;

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
  target += <usize>task * <usize>k * 32;
  if (count === 8 && nStride === 4) {
    packContiguous(source, kStride, target, k);
  } else if (count === 8 && kStride === 4) {
    packTransposed(source, nStride, target, k);
  } else {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < 8; j++) {
        const value = j < count ? load<f32>(source + <usize>j * nStride) : 0;
        store<f32>(target + <usize>j * 4, value);
      }
      source += kStride;
      target += 32;
    }
  }
}

function packContiguous(source: usize, kStride: usize, target: usize, k: i32): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < 8; j += 4) {
      v128.store(target + <usize>j * 4, v128.load(source + <usize>j * 4));
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
