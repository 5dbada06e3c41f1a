import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { copyBox, stridesOf } from '../copy.js';
import { SUM_COLUMNS } from '../kernel-bindings.js';
import { kernel } from './kernel.js';

/**
 * Rows that one slice sums before slices are summed: bounds the rounding error, and gives the
 * threads tasks.
 */
const SLICE = 512;

/** out [inner] = scale * sum over `rows` of [rows, inner]. */
function sumRows(
  backend: SimdBackend,
  x: number,
  out: number,
  rows: number,
  inner: number,
  scale: number,
): void {
  const blocks = Math.ceil(inner / SUM_COLUMNS);
  const run = (
    from: number,
    to: number,
    slices: number,
    length: number,
    lastLength: number,
    k: number,
  ) =>
    backend.run('sumRows', slices * blocks, {
      x: from,
      out: to,
      slices,
      length,
      lastLength,
      inner,
      sliceStride: length * inner * 4,
      rowStride: inner * 4,
      scale: k,
      accumulate: false,
    });
  const slices = Math.ceil(rows / SLICE);
  if (slices === 1) return run(x, out, 1, rows, rows, scale);
  return backend.scratch([slices * inner * 4], (partial) => {
    run(x, partial, slices, SLICE, rows - (slices - 1) * SLICE, 1);
    sumRows(backend, partial, out, slices, inner, scale);
  });
}

/** out [rows] = each row of [rows, length] reduced to one value; sums are multiplied by `scale`. */
function reduceColumns(
  backend: SimdBackend,
  kernel: 'sumColumns' | 'maxColumns',
  x: number,
  out: number,
  rows: number,
  length: number,
  scale = 1,
): void {
  // A single long row is cut into pieces and a rest. This gives the threads tasks and bounds the
  // rounding error.
  const piece = 4096;
  const pieces = Math.floor(length / piece);
  const run = (from: number, to: number, rows: number, length: number, k: number) => {
    const rowsPerTask = Math.max(1, Math.floor(16_384 / length));
    const tasks = Math.ceil(rows / rowsPerTask);
    const args = { x: from, out: to, rows, length, rowsPerTask };
    if (kernel === 'maxColumns') backend.run(kernel, tasks, args);
    else backend.run(kernel, tasks, { ...args, scale: k });
  };
  if (rows > 1 || pieces < 2) return run(x, out, rows, length, scale);
  const rest = length - pieces * piece;
  const parts = pieces + (rest > 0 ? 1 : 0);
  return backend.scratch([parts * 4], (partial) => {
    run(x, partial, pieces, piece, 1);
    if (rest > 0) run(x + pieces * piece * 4, partial + pieces * 4, 1, rest, 1);
    reduceColumns(backend, kernel, partial, out, 1, parts, scale);
  });
}

/**
 * Sum, times scale, over the given axes: a new tensor without them, or with sizes of 1 when
 * `keepDims`.
 */
export function sum(
  backend: SimdBackend,
  x: TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
  scale: number,
): TensorInfo {
  const isSummed = (axis: number) => axes.includes(axis);
  const kept = x.shape.filter((_, axis) => !isSummed(axis));
  const shape = keepDims ? x.shape.map((size, axis) => (isSummed(axis) ? 1 : size)) : kept;
  const length = util.sizeFromShape(axes.map((axis) => x.shape[axis]));
  const from = backend.address(x);
  const out = backend.output(shape);
  const to = backend.address(out);
  // Axes of size 1 lie anywhere.
  const real = x.shape.map((_, axis) => axis).filter((axis) => x.shape[axis] > 1);
  const firstSummed = real.findIndex(isSummed);
  const lastSummed = real.findLastIndex(isSummed);
  const together = real.slice(firstSummed, lastSummed + 1).every(isSummed);
  if (length === 1) {
    copyBox(backend, from, to, [{ size: util.sizeFromShape(x.shape), source: 1, target: 1 }]);
  } else if (together && lastSummed === real.length - 1) {
    reduceColumns(backend, 'sumColumns', from, to, util.sizeFromShape(kept), length, scale);
  } else if (together) {
    const outer = util.sizeFromShape(real.slice(0, firstSummed).map((axis) => x.shape[axis]));
    const inner = util.sizeFromShape(real.slice(lastSummed + 1).map((axis) => x.shape[axis]));
    for (let i = 0; i < outer; i++) {
      const block = from + i * length * inner * 4;
      sumRows(backend, block, to + i * inner * 4, length, inner, scale);
    }
  } else {
    const order = [...real.filter((axis) => !isSummed(axis)), ...real.filter(isSummed)];
    const sizes = order.map((axis) => x.shape[axis]);
    const [own, packed] = [stridesOf(x.shape), stridesOf(sizes)];
    backend.scratch([util.sizeFromShape(x.shape) * 4], (turned) => {
      const box = order.map((axis, i) => ({
        ...{ size: sizes[i], source: own[axis], target: packed[i] },
      }));
      copyBox(backend, from, turned, box);
      reduceColumns(backend, 'sumColumns', turned, to, util.sizeFromShape(kept), length, scale);
    });
  }
  return out;
}

interface ReduceAttrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

interface MaxAttrs {
  readonly reductionIndices: number | number[];
  readonly keepDims: boolean;
}

type X = { x: TensorInfo };

/** The axes to reduce, or undefined where one is named twice or there are no values. */
function axesOf(x: TensorInfo, axis: number | number[]): number[] | undefined {
  const axes = util.parseAxisParam(axis, x.shape);
  const reducible = new Set(axes).size === axes.length && util.sizeFromShape(x.shape) > 0;
  return reducible ? axes : undefined;
}

export const reduceKernels = [
  kernel<X, ReduceAttrs>(
    'Sum',
    ({ inputs: { x }, attrs, backend }) =>
      sum(backend, x, util.parseAxisParam(attrs.axis, x.shape), attrs.keepDims, 1),
    ({ inputs: { x }, attrs }) => axesOf(x, attrs.axis) !== undefined,
  ),
  kernel<X, ReduceAttrs>(
    'Mean',
    ({ inputs: { x }, attrs, backend }) => {
      const axes = util.parseAxisParam(attrs.axis, x.shape);
      const [, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      return sum(backend, x, axes, attrs.keepDims, 1 / util.sizeFromShape(summed));
    },
    ({ inputs: { x }, attrs }) => axesOf(x, attrs.axis) !== undefined,
  ),
  // Over the last axes, as all of a tensor; cpu has the rest.
  kernel<X, MaxAttrs>(
    'Max',
    ({ inputs: { x }, attrs, backend }) => {
      const axes = util.parseAxisParam(attrs.reductionIndices, x.shape);
      const [kept, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const from = backend.address(x);
      const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
      const out = backend.output(shape);
      const [rows, length] = [util.sizeFromShape(kept), util.sizeFromShape(reduced)];
      reduceColumns(backend, 'maxColumns', from, backend.address(out), rows, length);
      return out;
    },
    ({ inputs: { x }, attrs }) => {
      const axes = axesOf(x, attrs.reductionIndices);
      return axes !== undefined && backend_util.axesAreInnerMostDims(axes, x.shape.length);
    },
  ),
];
