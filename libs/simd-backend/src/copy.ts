import type { SimdBackend } from './backend.js';

/** One axis of a copy: its size, and the floats from one index to the next on either side; source 0 repeats. */
export interface CopyAxis {
  readonly size: number;
  readonly source: number;
  readonly target: number;
}

/** Floats that one task copies, roughly. */
const TASK_FLOATS = 16_384;
const MAX_OUTER = 4;

/** Copies a box of floats between two addresses whose strides differ: slices, transposes, tiles, pads and joins. */
export function copyBox(
  backend: SimdBackend,
  source: number,
  target: number,
  axes: readonly CopyAxis[],
): void {
  if (axes.some(({ size }) => size === 0)) return;
  const merged = merge(axes);
  // The rows of the plane: for a transpose the axis that is contiguous in the source, else the last but one.
  const columns = merged.pop() ?? { size: 1, source: 1, target: 1 };
  const contiguous = merged.findIndex((axis) => axis.source === 1);
  const isTranspose = columns.source > 1 && columns.target === 1 && contiguous >= 0;
  const [rows = { size: 1, source: 0, target: 0 }] = isTranspose
    ? merged.splice(contiguous, 1)
    : merged.splice(-1);
  if (merged.length > MAX_OUTER) {
    copyInParts(backend, source, target, [...merged, rows, columns]);
    return;
  }
  const rowsPerTask = Math.max(4, 4 * Math.round(TASK_FLOATS / columns.size / 4));
  const outer = merged.reduce((count, axis) => count * axis.size, 1);
  backend.scratch([Math.max(1, merged.length) * 12], (box) => {
    const words = merged.flatMap((axis) => [axis.size, axis.source, axis.target]);
    backend.words(box, words.length).set(words);
    backend.run('copyBox', outer * Math.ceil(rows.size / rowsPerTask), [
      ...[source, target, box, merged.length],
      ...[rows.size, rows.source, rows.target],
      ...[columns.size, columns.source, columns.target, rowsPerTask],
    ]);
  });
}

/** Drops axes of size 1 and joins neighbours that are one axis on both sides. */
function merge(axes: readonly CopyAxis[]): CopyAxis[] {
  const merged: CopyAxis[] = [];
  for (const axis of axes) {
    const last = merged.at(-1);
    if (axis.size === 1) continue;
    const joins =
      last && last.source === axis.source * axis.size && last.target === axis.target * axis.size;
    if (joins) merged[merged.length - 1] = { ...axis, size: last.size * axis.size };
    else merged.push(axis);
  }
  return merged;
}

function copyInParts(
  backend: SimdBackend,
  source: number,
  target: number,
  [first, ...rest]: readonly CopyAxis[],
): void {
  for (let i = 0; i < first.size; i++) {
    copyBox(backend, source + i * first.source * 4, target + i * first.target * 4, rest);
  }
}

/** The strides, in floats, of a tensor of this shape. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = [];
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** Sets `size` floats to `value`. */
export function fill(backend: SimdBackend, target: number, size: number, value: number): void {
  backend.run('fill', Math.ceil(size / TASK_FLOATS), [target, size, TASK_FLOATS, value]);
}
