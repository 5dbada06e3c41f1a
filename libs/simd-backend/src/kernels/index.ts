import { convKernels } from './conv.js';
import type { SimdKernel } from './kernel.js';
import { matMulKernels } from './matmul.js';

/** Every kernel of the backend; the operations not named here run on tfjs's cpu kernels. */
export const kernels: readonly SimdKernel[] = [...convKernels, ...matMulKernels];
