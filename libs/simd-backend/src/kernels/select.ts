import { util, type TensorInfo } from '@tensorflow/tfjs';
import { kernel, type SimdKernel, type TypedCall } from './kernel.js';

const BLOCK = 16_384;

type Choice = { condition: TensorInfo; t: TensorInfo; e: TensorInfo };

const select: SimdKernel = {
  kernelName: 'Select',
  accepts: ({ inputs }) => {
    const { condition, t, e } = inputs as Choice;
    const floats = t.dtype === 'float32' && e.dtype === 'float32';
    return floats && condition.dtype === 'bool' && util.arraysEqual(condition.shape, t.shape);
  },
  run: (call) => {
    const { inputs, backend } = call as unknown as TypedCall<Choice, object>;
    const { condition, t, e } = inputs;
    const size = util.sizeFromShape(t.shape);
    const addresses = [backend.bytes(condition), backend.address(t), backend.address(e)];
    const out = backend.output(t.shape);
    const args = [...addresses, backend.address(out), size, BLOCK];
    backend.run('select', Math.ceil(size / BLOCK), args);
    return out;
  },
};

/** tfjs's own gives the float tensor the bool tensor's values, which are bytes here and no floats. */
const cast: SimdKernel = {
  kernelName: 'Cast',
  accepts: ({ inputs, attrs }) =>
    (inputs.x as TensorInfo).dtype === 'bool' && (attrs as { dtype: string }).dtype === 'float32',
  run: ({ inputs, backend }) => {
    const x = inputs.x as TensorInfo;
    const out = backend.output(x.shape);
    backend.values(out).set(backend.data.get(x.dataId).values as Uint8Array);
    return out;
  },
};

export const selectKernels = [
  select,
  cast,
  // Against a single number, as the gradient of LeakyReLU has it.
  kernel<{ a: TensorInfo; b: TensorInfo }>(
    'Greater',
    ({ inputs: { a, b }, backend }) => {
      const size = util.sizeFromShape(a.shape);
      const [threshold] = backend.values(b);
      const from = backend.address(a);
      const out = backend.byteOutput(a.shape);
      const args = [from, threshold, backend.bytes(out), size, BLOCK];
      backend.run('greaterThan', Math.ceil(size / BLOCK), args);
      return out;
    },
    ({ inputs: { a, b } }) => util.sizeFromShape(b.shape) === 1 && b.shape.length <= a.shape.length,
  ),
];
