import type { SimdBackend } from './backend.js';
import { boxAxisFields, type BoxAxis } from './kernel-bindings.js';
import { withStructures } from './structures.js';

/** About how many floats one task copies. */
const TASK_FLOATS = 16_384;

/**
 * Copies a box of floats between two addresses whose strides differ: slices, transposes, tiles,
 * pads and joins. A source stride of 0 repeats.
 */
export function copyBox(
  backend: SimdBackend,
  source: number,
  target: number,
  axes: readonly BoxAxis[],
): void {
  if (axes.some(({ size }) => size === 0)) return;
  const merged = merge(axes);
  // The rows of the plane are the axis that is contiguous in the source for a transpose, and else
  // the last but one.
  const columns = merged.pop() ?? { size: 1, source: 1, target: 1 };
  const contiguous = merged.findIndex((axis) => axis.source === 1);
  const isTranspose = columns.source > 1 && columns.target === 1 && contiguous >= 0;
  const [rows = { size: 1, source: 0, target: 0 }] = isTranspose
    ? merged.splice(contiguous, 1)
    : merged.splice(-1);
  const rowsPerTask = Math.max(4, 4 * Math.round(TASK_FLOATS / columns.size / 4));
  const outer = merged.reduce((count, axis) => count * axis.size, 1);
  withStructures(backend, boxAxisFields, merged, (box) => {
    backend.run('copyBox', outer * Math.ceil(rows.size / rowsPerTask), {
      source,
      target,
      box,
      rank: merged.length,
      rows: rows.size,
      sourceRow: rows.source,
      targetRow: rows.target,
      columns: columns.size,
      sourceColumn: columns.source,
      targetColumn: columns.target,
      rowsPerTask,
    });
  });
}

/** Drops axes of size 1 and joins neighbors that are one axis on both sides. */
function merge(axes: readonly BoxAxis[]): BoxAxis[] {
  const merged: BoxAxis[] = [];
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
  backend.run('fill', Math.ceil(size / TASK_FLOATS), { target, size, block: TASK_FLOATS, value });
}
