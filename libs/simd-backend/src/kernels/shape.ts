import { backend_util, slice_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { copyBox, fill, stridesOf } from '../copy.js';
import { kernel } from './kernel.js';

/** The part of `x` that starts at `begin` and has the given size, a new tensor. */
function slice(
  backend: SimdBackend,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const out = backend.output(size);
  const [from, to] = [stridesOf(x.shape), stridesOf(size)];
  const start = begin.reduce((offset, at, axis) => offset + at * from[axis], 0);
  const axes = size.map((n, axis) => ({ size: n, source: from[axis], target: to[axis] }));
  copyBox(backend, backend.address(x) + start * 4, backend.address(out), axes);
  return out;
}

/** Copies the whole of `x` into `out`, from `begin` on. */
function place(
  backend: SimdBackend,
  x: TensorInfo,
  out: TensorInfo,
  begin: readonly number[],
): void {
  const [from, to] = [stridesOf(x.shape), stridesOf(out.shape)];
  const start = begin.reduce((offset, at, axis) => offset + at * to[axis], 0);
  const axes = x.shape.map((n, axis) => ({ size: n, source: from[axis], target: to[axis] }));
  copyBox(backend, backend.address(x), backend.address(out) + start * 4, axes);
}

function transpose(backend: SimdBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const out = backend.output(perm.map((axis) => x.shape[axis]));
  const [from, to] = [stridesOf(x.shape), stridesOf(out.shape)];
  const axes = perm.map((axis, i) => ({
    ...{ size: x.shape[axis], source: from[axis], target: to[i] },
  }));
  copyBox(backend, backend.address(x), backend.address(out), axes);
  return out;
}

/** Repeats `x` along each axis. */
export function tile(backend: SimdBackend, x: TensorInfo, reps: readonly number[]): TensorInfo {
  const out = backend.output(x.shape.map((size, axis) => size * reps[axis]));
  const [from, to] = [stridesOf(x.shape), stridesOf(out.shape)];
  const axes = x.shape.flatMap((size, axis) => [
    { size: reps[axis], source: 0, target: to[axis] * size },
    { size, source: from[axis], target: to[axis] },
  ]);
  copyBox(backend, backend.address(x), backend.address(out), axes);
  return out;
}

/** `x` repeated to a shape that its own broadcasts to. */
export function broadcastTo(
  backend: SimdBackend,
  x: TensorInfo,
  shape: readonly number[],
): TensorInfo {
  const own = [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const out = backend.output(shape);
  const [from, to] = [stridesOf(own), stridesOf(shape)];
  const axes = shape.map((size, axis) => ({
    ...{ size, source: own[axis] === 1 ? 0 : from[axis], target: to[axis] },
  }));
  copyBox(backend, backend.address(x), backend.address(out), axes);
  return out;
}

function concat(backend: SimdBackend, inputs: readonly TensorInfo[], axis: number): TensorInfo {
  const shape = [...inputs[0].shape];
  shape[axis] = inputs.reduce((sum, input) => sum + input.shape[axis], 0);
  const out = backend.output(shape);
  let at = 0;
  for (const input of inputs) {
    place(
      backend,
      input,
      out,
      shape.map((_, i) => (i === axis ? at : 0)),
    );
    at += input.shape[axis];
  }
  return out;
}

function filled(backend: SimdBackend, shape: readonly number[], value: number): TensorInfo {
  const out = backend.output(shape);
  fill(backend, backend.address(out), util.sizeFromShape([...shape]), value);
  return out;
}

type X = { x: TensorInfo };
type SliceAttrs = { begin: number | number[]; size: number | number[] };

const isCount = (n: number) => Number.isInteger(n) && n >= 0;
const sizeOf = (shape: readonly number[]) => util.sizeFromShape([...shape]);

function axisOf(axis: number, shape: readonly number[]): number {
  return util.parseAxisParam(axis, [...shape])[0];
}

/** Begin and size of a slice, checked as tfjs checks them. */
function sliceBox(x: TensorInfo, { begin, size }: SliceAttrs): [number[], number[]] {
  const box = slice_util.parseSliceParams(x as never, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(x as never, ...box);
  return box;
}

function sizesOfSplit(x: TensorInfo, parts: number | number[], axis: number): number[] {
  // A copy, because tfjs writes the size that it finds for -1 into the list.
  const own = typeof parts === 'number' ? parts : [...parts];
  return backend_util.prepareSplitSize(x as never, own, axis);
}

/** Whether shapes differ along this axis at most, so that the tensors can be joined along it. */
function join(inputs: readonly TensorInfo[], axis: number): boolean {
  const [{ shape }] = inputs;
  return inputs.every(
    (input) =>
      input.shape.length === shape.length &&
      input.shape.every((size, i) => i === axis || size === shape[i]),
  );
}

export const shapeKernels = [
  kernel<X, SliceAttrs>(
    'Slice',
    ({ inputs: { x }, attrs, backend }) => slice(backend, x, ...sliceBox(x, attrs)),
    ({ inputs: { x }, attrs }) => sliceBox(x, attrs).flat().every(isCount),
  ),
  kernel<X, { numOrSizeSplits: number | number[]; axis: number }>(
    'SplitV',
    ({ inputs: { x }, attrs, backend }) => {
      const axis = axisOf(attrs.axis, x.shape);
      let at = 0;
      return sizesOfSplit(x, attrs.numOrSizeSplits, axis).map((size) => {
        const begin = x.shape.map((_, i) => (i === axis ? at : 0));
        at += size;
        return slice(backend, x, begin, x.shape.with(axis, size));
      });
    },
    ({ inputs: { x }, attrs }) =>
      sizesOfSplit(x, attrs.numOrSizeSplits, axisOf(attrs.axis, x.shape)).every(isCount),
  ),
  kernel<TensorInfo[], { axis: number }>(
    'Concat',
    ({ inputs, attrs, backend }) => {
      const filled = inputs.filter(({ shape }) => sizeOf(shape) > 0);
      if (filled.length === 1) return backend.alias(filled[0], filled[0].shape);
      return concat(backend, filled, axisOf(attrs.axis, inputs[0].shape));
    },
    ({ inputs, attrs }) =>
      join(inputs, axisOf(attrs.axis, inputs[0].shape)) &&
      inputs.some(({ shape }) => sizeOf(shape) > 0),
  ),
  kernel<TensorInfo[], { axis: number }>(
    'Pack',
    ({ inputs, attrs, backend }) => {
      const [{ shape }] = inputs;
      const axis = axisOf(attrs.axis, [...shape, 1]);
      const parts = inputs.map((input) => ({ ...input, shape: shape.toSpliced(axis, 0, 1) }));
      return concat(backend, parts, axis);
    },
    ({ inputs }) => inputs.every(({ shape }) => util.arraysEqual(shape, inputs[0].shape)),
  ),
  kernel<{ value: TensorInfo }, { axis: number }>(
    'Unpack',
    ({ inputs: { value: x }, attrs, backend }) => {
      const axis = axisOf(attrs.axis, x.shape);
      return Array.from({ length: x.shape[axis] }, (_, at) => {
        const begin = x.shape.map((_, i) => (i === axis ? at : 0));
        const part = slice(backend, x, begin, x.shape.with(axis, 1));
        return { ...part, shape: x.shape.toSpliced(axis, 1) };
      });
    },
    ({ inputs: { value }, attrs: { axis } }) =>
      axis >= -value.shape.length && axis < value.shape.length,
  ),
  kernel<X, { paddings: [number, number][]; constantValue: number }>(
    'PadV2',
    ({ inputs: { x }, attrs: { paddings, constantValue }, backend }) => {
      const shape = x.shape.map((size, i) => paddings[i][0] + size + paddings[i][1]);
      const out = filled(backend, shape, constantValue);
      place(
        backend,
        x,
        out,
        paddings.map(([before]) => before),
      );
      return out;
    },
    ({ inputs: { x }, attrs: { paddings } }) =>
      paddings.length === x.shape.length && paddings.flat().every(isCount),
  ),
  kernel<X, { perm: number[] }>(
    'Transpose',
    ({ inputs: { x }, attrs, backend }) => transpose(backend, x, attrs.perm),
    ({ inputs: { x }, attrs: { perm } }) =>
      perm.length === x.shape.length && x.shape.every((_, axis) => perm.includes(axis)),
  ),
  kernel<X, { reps: number[] }>(
    'Tile',
    ({ inputs: { x }, attrs, backend }) => tile(backend, x, attrs.reps),
    ({ inputs: { x }, attrs: { reps } }) => reps.length === x.shape.length && reps.every(isCount),
  ),
  kernel<object, { shape: number[]; value: number; dtype?: string }>(
    'Fill',
    ({ attrs: { shape, value }, backend }) => filled(backend, shape, value),
    ({ attrs: { shape, value, dtype } }) =>
      typeof value === 'number' && (dtype ?? 'float32') === 'float32' && shape.every(isCount),
  ),
  kernel<X>('ZerosLike', ({ inputs: { x }, backend }) => filled(backend, x.shape, 0)),
  kernel<X>('OnesLike', ({ inputs: { x }, backend }) => filled(backend, x.shape, 1)),
];
