import type { TensorInfo } from '@tensorflow/tfjs';
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

const activations: Record<
  string,
  (backend: SimdBackend, x: TensorInfo, alpha: number) => TensorInfo
> = {
  relu: (backend, x) => unary(backend, 'clip', x, 0, Infinity),
  relu6: (backend, x) => unary(backend, 'clip', x, 0, 6),
  leakyrelu: (backend, x, alpha) => unary(backend, 'rectify', x, alpha),
  sigmoid: (backend, x) => unary(backend, 'sigmoid', x),
};

const supported = ({ activation }: Epilogue) =>
  (activation ?? 'linear') === 'linear' || Object.hasOwn(activations, activation!);

/** Adds the bias and applies the activation, disposing of what is on the way. */
function finish(
  backend: SimdBackend,
  x: TensorInfo,
  bias: TensorInfo | undefined,
  { activation, leakyreluAlpha = 0.2 }: Epilogue,
): TensorInfo {
  const replace = (next: TensorInfo) => {
    backend.disposeData(x.dataId);
    x = next;
  };
  if (bias) replace(binary(backend, 'add', x, bias));
  const apply = activations[activation ?? 'linear'];
  if (apply) replace(apply(backend, x, leakyreluAlpha));
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
