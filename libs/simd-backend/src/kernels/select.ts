import { util, type TensorInfo } from '@tensorflow/tfjs';
import type { SimdKernel, TypedCall } from './kernel.js';

const BLOCK = 16_384;
/** The integers up to this one, and their negatives, are all float32 numbers. */
const MOST_EXACT = 2 ** 24;

type Choice = { condition: TensorInfo; t: TensorInfo; e: TensorInfo };

const select: SimdKernel = {
  kernelName: 'Select',
  accepts: ({ inputs, backend }) => {
    const { condition, t, e } = inputs as Choice;
    return (
      backend.holds(condition, 'bool') &&
      [t, e].every((tensor) => backend.holds(tensor, 'float32')) &&
      [t, e].every(({ shape }) => util.arraysEqual(condition.shape, shape))
    );
  },
  run: (call) => {
    const { inputs, backend } = call as unknown as TypedCall<Choice, object>;
    const { condition, t, e } = inputs;
    const size = util.sizeFromShape(t.shape);
    const out = backend.output(t.shape);
    backend.run('select', Math.ceil(size / BLOCK), {
      condition: backend.address(condition, 'bool'),
      a: backend.address(t),
      b: backend.address(e),
      out: backend.address(out),
      size,
      block: BLOCK,
    });
    return out;
  },
};

/**
 * A copy in float32, where tfjs's cpu kernel lets the float32 tensor share the storage of the
 * other. So our kernels take it. Integers that no float32 is equal to stay as they are, as on cpu.
 */
const cast: SimdKernel = {
  kernelName: 'Cast',
  accepts: ({ inputs, attrs, backend }) => {
    const { dtype, dataId } = inputs.x as TensorInfo;
    if ((attrs as { dtype: string }).dtype !== 'float32') return false;
    if (dtype !== 'bool' && dtype !== 'int32') return false;
    const { values } = backend.data.get(dataId);
    return values instanceof Uint8Array || (values instanceof Int32Array && allExact(values));
  },
  run: ({ inputs, backend }) => {
    const x = inputs.x as TensorInfo;
    const out = backend.output(x.shape);
    backend.values(out).set(backend.data.get(x.dataId).values as Uint8Array | Int32Array);
    return out;
  },
};

function allExact(values: Int32Array): boolean {
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > MOST_EXACT) return false;
  return true;
}

export const selectKernels = [select, cast];
