import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { SUM_COLUMNS } from '../kernel-bindings.js';
import { aroundAxis } from './axis.js';
import type { KernelCall, SimdKernel } from './kernel.js';

/** About how many floats one task copies. */
const TASK_FLOATS = 16_384;

interface GatherCall {
  readonly inputs: { readonly x: TensorInfo; readonly indices: TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims?: number };
  readonly backend: SimdBackend;
}

const shapesOf = ({ inputs: { x, indices }, attrs }: GatherCall) =>
  backend_util.segment_util.collectGatherOpShapeInfo(
    x as never,
    indices as never,
    aroundAxis(x.shape, attrs.axis)!.axis,
    attrs.batchDims ?? 0,
  );

const gather: SimdKernel = {
  kernelName: 'GatherV2',
  accepts: (call: KernelCall) => {
    const { inputs, attrs, backend } = call as unknown as GatherCall;
    const { x, indices } = inputs;
    if (!backend.holds(x, 'float32') || !backend.holds(indices, 'int32')) return false;
    const along = aroundAxis(x.shape, attrs.axis);
    const isEmpty = [x, indices].some(({ shape }) => util.sizeFromShape(shape) === 0);
    if (!along || isEmpty) return false;
    const numbers = backend.data.get(indices.dataId).values as Int32Array;
    return numbers.every((index) => index >= 0 && index < along.size);
  },
  run: (call) => {
    const { inputs, backend } = call as unknown as GatherCall;
    const { x, indices } = inputs;
    const info = shapesOf(call as unknown as GatherCall);
    const { batchSize, outerSize: outer, dimSize: size, sliceSize: slice } = info;
    const count = util.sizeFromShape(indices.shape) / batchSize;
    const rows = batchSize * outer * count;
    const perTask = Math.max(1, Math.round(TASK_FLOATS / slice));
    const [from, numbers] = [backend.address(x), backend.address(indices, 'int32')];
    const out = backend.output(info.outputShape);
    backend.run('gather', Math.ceil(rows / perTask), {
      ...{ x: from, indices: numbers, out: backend.address(out) },
      ...{ rows, outer, size, count, slice, perTask },
    });
    return out;
  },
};

interface SegmentCall {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo };
  readonly attrs: { readonly numSegments: number };
  readonly backend: SimdBackend;
}

/**
 * Sums the rows of each segment. A NaN stays in its segment; the cpu kernel, which multiplies all
 * rows by zeros and ones, spreads it to the same column of all segments.
 */
const segmentSum: SimdKernel = {
  kernelName: 'UnsortedSegmentSum',
  accepts: (call) => {
    const { inputs, attrs, backend } = call as unknown as SegmentCall;
    const { x, segmentIds } = inputs;
    const isRow = segmentIds.shape.length === 1 && segmentIds.shape[0] === x.shape[0];
    const isFull = util.sizeFromShape(x.shape) > 0 && attrs.numSegments > 0;
    return isRow && isFull && backend.holds(x, 'float32') && backend.holds(segmentIds, 'int32');
  },
  run: (call) => {
    const { inputs, attrs, backend } = call as unknown as SegmentCall;
    const { x, segmentIds } = inputs;
    const [rows, ...rest] = x.shape;
    const length = util.sizeFromShape(rest);
    const [from, ids] = [backend.address(x), backend.address(segmentIds, 'int32')];
    const out = backend.output([attrs.numSegments, ...rest]);
    backend.run('segmentSum', Math.ceil(length / SUM_COLUMNS), {
      ...{ x: from, ids, out: backend.address(out), rows, segments: attrs.numSegments, length },
    });
    return out;
  },
};

export const gatherKernels = [gather, segmentSum];
