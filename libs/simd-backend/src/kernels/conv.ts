import { backend_util, type TensorInfo } from '@tensorflow/tfjs';
import {
  convolution,
  convolutionFilterGradient,
  convolutionInputGradient,
} from '../conv/convolution.js';
import type { ConvGeometry } from '../conv/geometry.js';
import { kernel } from './kernel.js';

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];
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
  { strides, pad, dilations = 1, dimRoundingMode }: Conv2DAttrs,
): { g: ConvGeometry; shape: number[] } {
  const info = backend_util.computeConv2DInfo(
    ...([x as Shape4, filter as Shape4, strides, dilations, pad, dimRoundingMode] as const),
  );
  const g: ConvGeometry = {
    batch: info.batchSize,
    xSize: [1, info.inHeight, info.inWidth],
    xChannels: info.inChannels,
    ySize: [1, info.outHeight, info.outWidth],
    yChannels: info.outChannels,
    kernel: [1, info.filterHeight, info.filterWidth],
    stride: [1, info.strideHeight, info.strideWidth],
    pad: [0, info.padInfo.top, info.padInfo.left],
    dilation: [1, info.dilationHeight, info.dilationWidth],
  };
  return { g, shape: info.outShape };
}

function geometry3d(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1 }: Conv3DAttrs,
): { g: ConvGeometry; shape: number[] } {
  const info = backend_util.computeConv3DInfo(
    ...([x as Shape5, filter as Shape5, strides, dilations, pad] as const),
  );
  const g: ConvGeometry = {
    batch: info.batchSize,
    xSize: [info.inDepth, info.inHeight, info.inWidth],
    xChannels: info.inChannels,
    ySize: [info.outDepth, info.outHeight, info.outWidth],
    yChannels: info.outChannels,
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    pad: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
  };
  return { g, shape: info.outShape };
}

export const channelsLast = ({ attrs }: { attrs: Conv2DAttrs }) =>
  (attrs.dataFormat ?? 'NHWC') === 'NHWC';

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
    channelsLast,
  ),
  kernel<DyFilter, Conv2DAttrs & Shaped>(
    'Conv2DBackpropInput',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { g } = geometry2d(attrs.inputShape, filter.shape, attrs);
      return convolutionInputGradient(backend, g, dy, filter, attrs.inputShape);
    },
    channelsLast,
  ),
  kernel<XDy, Conv2DAttrs & Shaped>(
    'Conv2DBackpropFilter',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { g } = geometry2d(x.shape, attrs.filterShape, attrs);
      return convolutionFilterGradient(backend, g, x, dy, attrs.filterShape);
    },
    channelsLast,
  ),
  kernel<XFilter, Conv3DAttrs>('Conv3D', ({ inputs: { x, filter }, attrs, backend }) => {
    const { g, shape } = geometry3d(x.shape, filter.shape, attrs);
    return convolution(backend, g, x, filter, shape);
  }),
  kernel<DyFilter, Conv3DAttrs & Shaped>(
    'Conv3DBackpropInputV2',
    ({ inputs: { dy, filter }, attrs, backend }) => {
      const { g } = geometry3d(attrs.inputShape, filter.shape, attrs);
      return convolutionInputGradient(backend, g, dy, filter, attrs.inputShape);
    },
  ),
  kernel<XDy, Conv3DAttrs & Shaped>(
    'Conv3DBackpropFilterV2',
    ({ inputs: { x, dy }, attrs, backend }) => {
      const { g } = geometry3d(x.shape, attrs.filterShape, attrs);
      return convolutionFilterGradient(backend, g, x, dy, attrs.filterShape);
    },
  ),
];
