import { backend_util, util, type TensorInfo } from '@tensorflow/tfjs';
import {
  convolution,
  convolutionFilterGradient,
  convolutionInputGradient,
} from '../conv/convolution.js';
import { windows2d, windows3d, type ConvGeometry, type Windows } from '../conv/geometry.js';
import { kernel } from './kernel.js';

export type Shape4 = [number, number, number, number];
export type Shape5 = [number, number, number, number, number];
type Pad = 'valid' | 'same' | number;

export interface Conv2DAttrs {
  readonly strides: [number, number] | number;
  readonly pad: Pad;
  readonly dilations?: [number, number] | number;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Conv3DAttrs {
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same';
  readonly dilations?: [number, number, number] | number;
}

interface Shaped {
  readonly inputShape: number[];
  readonly filterShape: number[];
}

/** The geometry of a 2-D convolution, and its output's shape [batch, height, width, channels]. */
export function geometry2d(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Conv2DAttrs,
  depthwise = false,
): Windows {
  const info = backend_util.computeConv2DInfo(
    ...([x as Shape4, filter as Shape4, strides, dilations ?? 1, pad, dimRoundingMode] as const),
    depthwise,
  );
  return windows2d(info);
}

function geometry3d(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1 }: Conv3DAttrs,
): Windows {
  const info = backend_util.computeConv3DInfo(
    ...([x as Shape5, filter as Shape5, strides, dilations, pad] as const),
  );
  return windows3d(info);
}

/**
 * The shapes of the tensors of a convolution; those of a kernel's result are left out or come from
 * its attributes.
 */
interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly y?: readonly number[];
}

/**
 * Whether shapes and attributes describe a convolution: tfjs's operations check that, with
 * exceptions, but its kernels do not. The shape of y that the others give must be its own.
 */
function isConvolution({ x, filter, y }: Shapes, geometry: () => Windows): boolean {
  const rank = x.length;
  if (filter.length !== rank || filter[rank - 2] !== x[rank - 1]) return false;
  const { g, shape } = geometry();
  const isSound = isGeometry(g, [...x, ...filter, ...shape]);
  return isSound && (y === undefined || util.arraysEqual(shape, [...y]));
}

/** Whether all sizes and steps are whole and positive, and the padding is whole. */
export const isGeometry = (g: ConvGeometry, sizes: readonly number[]): boolean =>
  [...sizes, ...g.stride, ...g.dilation].every((size) => Number.isInteger(size) && size > 0) &&
  g.pad.every(Number.isInteger);

export const isConvolution2d = (shapes: Shapes, attrs: Conv2DAttrs) =>
  (attrs.dataFormat ?? 'NHWC') === 'NHWC' &&
  shapes.x.length === 4 &&
  isConvolution(shapes, () => geometry2d(shapes.x, shapes.filter, attrs));

const isConvolution3d = (shapes: Shapes, attrs: Conv3DAttrs) =>
  shapes.x.length === 5 && isConvolution(shapes, () => geometry3d(shapes.x, shapes.filter, attrs));

type XFilter = { x: TensorInfo; filter: TensorInfo };
type DyFilter = { dy: TensorInfo; filter: TensorInfo };
type XDy = { x: TensorInfo; dy: TensorInfo };

export const convKernels = [
  kernel<XFilter, Conv2DAttrs>(
    'Conv2D',
    ({ inputs: { x, filter }, attrs, backend }) => {
      const { g, shape } = geometry2d(x.shape, filter.shape, attrs);
      return convolution(backend, g, x, filter, shape);
    },
    ({ inputs: { x, filter }, attrs }) =>
      isConvolution2d({ x: x.shape, filter: filter.shape }, attrs),
  ),
  kernel<DyFilter, Conv2DAttrs & Shaped>(
    'Conv2DBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { g } = geometry2d(attrs.inputShape, filter.shape, attrs);
      return convolutionInputGradient(backend, g, dy, filter, attrs.inputShape);
    },
    ({ inputs: { dy, filter }, attrs }) =>
      isConvolution2d({ x: attrs.inputShape, filter: filter.shape, y: dy.shape }, attrs),
  ),
  kernel<XDy, Conv2DAttrs & Shaped>(
    'Conv2DBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { g } = geometry2d(x.shape, attrs.filterShape, attrs);
      return convolutionFilterGradient(backend, g, x, dy, attrs.filterShape);
    },
    ({ inputs: { x, dy }, attrs }) =>
      isConvolution2d({ x: x.shape, filter: attrs.filterShape, y: dy.shape }, attrs),
  ),
  kernel<XFilter, Conv3DAttrs>(
    'Conv3D',
    ({ inputs: { x, filter }, attrs, backend }) => {
      const { g, shape } = geometry3d(x.shape, filter.shape, attrs);
      return convolution(backend, g, x, filter, shape);
    },
    ({ inputs: { x, filter }, attrs }) =>
      isConvolution3d({ x: x.shape, filter: filter.shape }, attrs),
  ),
  kernel<DyFilter, Conv3DAttrs & Shaped>(
    'Conv3DBackpropInputV2',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { g } = geometry3d(attrs.inputShape, filter.shape, attrs);
      return convolutionInputGradient(backend, g, dy, filter, attrs.inputShape);
    },
    ({ inputs: { dy, filter }, attrs }) =>
      isConvolution3d({ x: attrs.inputShape, filter: filter.shape, y: dy.shape }, attrs),
  ),
  kernel<XDy, Conv3DAttrs & Shaped>(
    'Conv3DBackpropFilterV2',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { g } = geometry3d(x.shape, attrs.filterShape, attrs);
      return convolutionFilterGradient(backend, g, x, dy, attrs.filterShape);
    },
    ({ inputs: { x, dy }, attrs }) =>
      isConvolution3d({ x: x.shape, filter: attrs.filterShape, y: dy.shape }, attrs),
  ),
];
