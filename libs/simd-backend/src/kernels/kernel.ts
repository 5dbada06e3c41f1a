import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs';
import type { SimdBackend } from '../backend.js';

/** What tfjs hands to a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: object;
  readonly backend: SimdBackend;
}

/**
 * One kernel of the backend.
 *
 * It accepts a call only where it computes what tfjs's cpu kernel computes. Every other call goes
 * to the cpu kernel, which computes it or refuses it with tfjs's own message: wrong shapes and
 * axes, other dtypes, empty tensors.
 */
export interface SimdKernel {
  readonly kernelName: string;
  readonly accepts: (call: KernelCall) => boolean;
  readonly run: (call: KernelCall) => TensorInfo | TensorInfo[];
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
 * @param accepts - further conditions on the call: attributes and shapes that the kernel is made
 * for.
 */
export function kernel<Inputs, Attrs = object>(
  kernelName: string,
  run: (call: TypedCall<Inputs, Attrs>) => TensorInfo | TensorInfo[],
  accepts: (call: TypedCall<Inputs, Attrs>) => boolean = () => true,
): SimdKernel {
  return {
    kernelName,
    accepts: (call) => areFloats(call) && accepts(call as TypedCall<Inputs, Attrs>),
    run: run as unknown as SimdKernel['run'],
  };
}

/**
 * Whether all inputs that are there hold float32. Kernels are called often, so it makes no lists.
 */
function areFloats({ inputs, backend }: KernelCall): boolean {
  for (const name in inputs) {
    const input = inputs[name] as TensorInfo | null | undefined;
    if (input && !backend.holds(input, 'float32')) return false;
  }
  return true;
}

/** The inputs that are there: optional ones may be null or undefined. */
export const tensorsOf = ({ inputs }: KernelCall): TensorInfo[] =>
  (Object.values(inputs) as (TensorInfo | null | undefined)[]).filter(
    (tensor) => tensor !== null && tensor !== undefined,
  );
