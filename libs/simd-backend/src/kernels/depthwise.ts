import { util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { withGeometry, product, type ConvGeometry } from '../conv/geometry.js';
import { DEPTHWISE_CHANNELS, MAX_TAPS } from '../kernel-bindings.js';
import { geometry2d, isGeometry, type Conv2DAttrs } from './conv.js';
import { kernel } from './kernel.js';
import { overPositions } from './pooling.js';
import { sum } from './reduce.js';
import { tile } from './shape.js';

/** Outputs whose products one slice of the filter's gradient adds up. */
const SLICE = 1024;

interface Depthwise {
  /** Of the channels of y on both sides, see {@link repeated}. */
  readonly g: ConvGeometry;
  /** The shape of y, [batch, height, width, channels * multiplier]. */
  readonly shape: number[];
  /** Outputs that each channel of x has. */
  readonly multiplier: number;
}

function depthwiseOf(
  x: readonly number[],
  filter: readonly number[],
  attrs: Conv2DAttrs,
): Depthwise {
  const { g, shape } = geometry2d(x, filter, attrs, true);
  return { g: { ...g, xChannels: g.yChannels }, shape, multiplier: filter[3] };
}

/** x [..., channels] with each channel `multiplier` times, so that every filter has its own. */
function repeated<T>(
  backend: SimdBackend,
  x: TensorInfo,
  multiplier: number,
  use: (address: number) => T,
): T {
  if (multiplier === 1) return use(backend.address(x));
  const single = { ...x, shape: [...x.shape, 1] };
  const copy = tile(backend, single, [...x.shape.map(() => 1), multiplier]);
  try {
    return use(backend.address(copy));
  } finally {
    backend.disposeData(copy.dataId);
  }
}

/** A convolution of x [batch, height, width, channels], each channel by itself. */
export function depthwise(
  backend: SimdBackend,
  x: TensorInfo,
  filter: TensorInfo,
  attrs: Conv2DAttrs,
): TensorInfo {
  const { g, shape, multiplier } = depthwiseOf(x.shape, filter.shape, attrs);
  const weights = backend.address(filter);
  return repeated(backend, x, multiplier, (from) => {
    const out = backend.output(shape);
    const to = backend.address(out);
    overPositions(backend, g, g.batch * product(g.ySize), (tasks, args) =>
      backend.run('depthwise', tasks, { from, filter: weights, to, backward: false, ...args }),
    );
    return out;
  });
}

function inputGradient(
  backend: SimdBackend,
  dy: TensorInfo,
  filter: TensorInfo,
  { g, multiplier }: Depthwise,
  shape: readonly number[],
): TensorInfo {
  const [from, weights] = [backend.address(dy), backend.address(filter)];
  const out = backend.output([...shape, multiplier]);
  const to = backend.address(out);
  overPositions(backend, g, g.batch * product(g.xSize), (tasks, args) =>
    backend.run('depthwise', tasks, { from, filter: weights, to, backward: true, ...args }),
  );
  if (multiplier === 1) return { ...out, shape: [...shape] };
  const total = sum(backend, out, [shape.length], false, 1);
  backend.disposeData(out.dataId);
  return total;
}

function filterGradient(
  backend: SimdBackend,
  x: TensorInfo,
  dy: TensorInfo,
  { g, multiplier }: Depthwise,
  shape: readonly number[],
): TensorInfo {
  const gradient = backend.address(dy);
  return repeated(backend, x, multiplier, (from) => {
    const positions = g.batch * product(g.ySize);
    const slices = Math.ceil(positions / SLICE);
    const partial = backend.output([slices, ...shape]);
    const out = backend.address(partial);
    const tasks = slices * Math.ceil(g.xChannels / DEPTHWISE_CHANNELS);
    withGeometry(backend, g, (structure) =>
      backend.run('depthwiseFilterGradient', tasks, {
        ...{ g: structure, x: from, dy: gradient, out, positions, perSlice: SLICE },
      }),
    );
    if (slices === 1) return { ...partial, shape: [...shape] };
    const total = sum(backend, partial, [0], false, 1);
    backend.disposeData(partial.dataId);
    return total;
  });
}

interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y?: readonly number[];
}

/** Whether shapes and attributes describe a depthwise convolution. */
export function isDepthwise({ x, filter, y }: Shapes, attrs: Conv2DAttrs): boolean {
  if (x.length !== 4 || filter.length !== 4 || filter[2] !== x[3]) return false;
  if ((attrs.dataFormat ?? 'NHWC') !== 'NHWC') return false;
  const { g, shape } = depthwiseOf(x, filter, attrs);
  if (!isGeometry(g, [...x, ...filter, ...shape])) return false;
  // Of strides and dilations, tfjs allows one.
  if (product(g.stride) !== 1 && product(g.dilation) !== 1) return false;
  return product(g.kernel) <= MAX_TAPS && (!y || util.arraysEqual(shape, [...y]));
}

/** Whether a gradient exists: tfjs has none of dilated ones. */
const hasGradient = (shapes: Shapes, attrs: Conv2DAttrs): boolean =>
  [attrs.dilations ?? 1].flat().every((dilation) => dilation === 1) && isDepthwise(shapes, attrs);

type Shaped = { readonly inputShape: number[]; readonly filterShape: number[] };

export const depthwiseKernels = [
  kernel<{ x: TensorInfo; filter: TensorInfo }, Conv2DAttrs>(
    'DepthwiseConv2dNative',
    ({ inputs: { x, filter }, attrs, backend }) => depthwise(backend, x, filter, attrs),
    ({ inputs: { x, filter }, attrs }) => isDepthwise({ x: x.shape, filter: filter.shape }, attrs),
  ),
  kernel<{ dy: TensorInfo; filter: TensorInfo }, Conv2DAttrs & Shaped>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const of = depthwiseOf(attrs.inputShape, filter.shape, attrs);
      return inputGradient(backend, dy, filter, of, attrs.inputShape);
    },
    ({ inputs: { dy, filter }, attrs }) =>
      hasGradient({ x: attrs.inputShape, filter: filter.shape, y: dy.shape }, attrs),
  ),
  kernel<{ x: TensorInfo; dy: TensorInfo }, Conv2DAttrs & Shaped>(
    'DepthwiseConv2dNativeBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const of = depthwiseOf(x.shape, attrs.filterShape, attrs);
      return filterGradient(backend, x, dy, of, attrs.filterShape);
    },
    ({ inputs: { x, dy }, attrs }) =>
      hasGradient({ x: x.shape, filter: attrs.filterShape, y: dy.shape }, attrs),
  ),
];
