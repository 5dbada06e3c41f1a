import { broadcast_util, util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';
import { convolution } from '../conv/convolution.js';
import { depthwise, isDepthwise } from './depthwise.js';
import { geometry2d, isConvolution2d, type Conv2DAttrs } from './conv.js';
import { binary, unary } from './elementwise.js';
import { kernel } from './kernel.js';
import { isProduct, matMul, type MatMulAttrs } from './matmul.js';

interface Epilogue {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** What each activation makes of x, in its place. */
const activations: Record<
  string,
  (backend: SimdBackend, x: TensorInfo, alpha: number) => TensorInfo
> = {
  relu: (backend, x) => unary(backend, 'clip', x, 0, Infinity, x),
  relu6: (backend, x) => unary(backend, 'clip', x, 0, 6, x),
  leakyrelu: (backend, x, alpha) => unary(backend, 'rectify', x, alpha, 0, x),
  sigmoid: (backend, x) => unary(backend, 'sigmoid', x, 0, 0, x),
};

const supported = ({ activation }: Epilogue) =>
  (activation ?? 'linear') === 'linear' || Object.hasOwn(activations, activation!);

/** Adds the bias and applies the activation, in the place of x if the result fits there. */
function finish(
  backend: SimdBackend,
  x: TensorInfo,
  bias: TensorInfo | undefined,
  { activation, leakyreluAlpha = 0.2 }: Epilogue,
): TensorInfo {
  if (bias) {
    // A bias with more dimensions than x gives a larger result.
    const shape = broadcast_util.assertAndGetBroadcastShape(x.shape, bias.shape);
    const fits = util.arraysEqual(shape, x.shape);
    const sum = binary(backend, 'add', x, bias, fits ? x : undefined);
    if (!fits) backend.disposeData(x.dataId);
    x = sum;
  }
  activations[activation ?? 'linear']?.(backend, x, leakyreluAlpha);
  return x;
}

type Filtered = { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo };

export const fusedKernels = [
  kernel<{ a: TensorInfo; b: TensorInfo; bias?: TensorInfo }, MatMulAttrs & Epilogue>(
    '_FusedMatMul',
    ({ inputs: { a, b, bias }, attrs, backend }) =>
      finish(backend, matMul(backend, a, b, attrs), bias, attrs),
    ({ inputs, attrs }) => supported(attrs) && isProduct(inputs, attrs),
  ),
  kernel<Filtered, Conv2DAttrs & Epilogue>(
    'FusedConv2D',
    ({ inputs: { x, filter, bias }, attrs, backend }) => {
      const { g, shape } = geometry2d(x.shape, filter.shape, attrs);
      return finish(backend, convolution(backend, g, x, filter, shape), bias, attrs);
    },
    ({ inputs: { x, filter }, attrs }) =>
      supported(attrs) && isConvolution2d({ x: x.shape, filter: filter.shape }, attrs),
  ),
  kernel<Filtered, Conv2DAttrs & Epilogue>(
    'FusedDepthwiseConv2D',
    ({ inputs: { x, filter, bias }, attrs, backend }) =>
      finish(backend, depthwise(backend, x, filter, attrs), bias, attrs),
    ({ inputs: { x, filter }, attrs }) =>
      supported(attrs) && isDepthwise({ x: x.shape, filter: filter.shape }, attrs),
  ),
];
