import { Block } from './block';

/**
 * Packs a matrix [k, columns] into panels of `width` columns, [columns / width][k][width], zero-filled at the end.
 *
 * Element (k, n) is read at `source + p*batch + k*kStride + n*nStride` (bytes). Task = (p, panel).
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
  width: i32,
): void {
  const panels = (columns + width - 1) / width;
  const p = task / panels;
  const n = (task - p * panels) * width;
  const count = min(width, columns - n);
  source += <usize>p * batch + <usize>n * nStride;
  target += <usize>task * <usize>(k * width) * 4;
  if (count === width && nStride === 4) {
    packContiguous(source, kStride, target, k, width);
  } else if (count === width && kStride === 4) {
    packTransposed(source, nStride, target, k, width);
  } else {
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < width; j++) {
        const value = j < count ? load<f32>(source + <usize>j * nStride) : 0;
        store<f32>(target + <usize>j * 4, value);
      }
      source += kStride;
      target += <usize>width * 4;
    }
  }
}

function packContiguous(source: usize, kStride: usize, target: usize, k: i32, width: i32): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < width; j += 4) {
      v128.store(target + <usize>j * 4, v128.load(source + <usize>j * 4));
    }
    source += kStride;
    target += <usize>width * 4;
  }
}

/** Each column is contiguous: four of them are turned into rows, four terms at a time. */
function packTransposed(source: usize, nStride: usize, target: usize, k: i32, width: i32): void {
  const row = <usize>width * 4;
  const whole = k & ~3;
  for (let j = 0; j < width; j += 4) {
    let from = source + <usize>j * nStride;
    let to = target + <usize>j * 4;
    for (let i = 0; i < whole; i += 4) {
      Block.transpose(from, nStride, to, row);
      from += 16;
      to += 4 * row;
    }
    for (let i = whole; i < k; i++) {
      for (let lane = 0; lane < 4; lane++) {
        store<f32>(to + <usize>lane * 4, load<f32>(from + <usize>lane * nStride));
      }
      from += 4;
      to += row;
    }
  }
}
