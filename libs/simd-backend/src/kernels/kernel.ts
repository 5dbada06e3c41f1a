import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';

/** What tfjs hands to a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: object;
  readonly backend: unknown;
}

/** One kernel of the backend. Where it does not accept a call, tfjs's cpu kernel runs. */
export interface SimdKernel {
  readonly kernelName: string;
  readonly accepts: (call: KernelCall) => boolean;
  readonly run: (call: KernelCall & { backend: SimdBackend }) => TensorInfo | TensorInfo[];
}

/** Inputs and attributes as a kernel knows them to be. */
export interface TypedCall<Inputs, Attrs> {
  readonly inputs: Inputs;
  readonly attrs: Attrs;
  readonly backend: SimdBackend;
}

/**
 * A kernel for float32 tensors.
 *
 * @param accepts - further conditions on the call, as far as they depend on attributes and shapes.
 */
export function kernel<Inputs, Attrs = object>(
  kernelName: string,
  run: (call: TypedCall<Inputs, Attrs>) => TensorInfo | TensorInfo[],
  accepts: (call: TypedCall<Inputs, Attrs>) => boolean = () => true,
): SimdKernel {
  return {
    kernelName,
    accepts: (call) =>
      Object.values(call.inputs).every(isFloat) && accepts(call as TypedCall<Inputs, Attrs>),
    run: run as unknown as SimdKernel['run'],
  };
}

const isFloat = (input: TensorInfo | TensorInfo[] | undefined): boolean =>
  Array.isArray(input) ? input.every(isFloat) : input === undefined || input.dtype === 'float32';
