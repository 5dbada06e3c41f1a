import { batchNormKernels } from './batch-norm.js';
import { convKernels } from './conv.js';
import { elementwiseKernels } from './elementwise.js';
import { fusedKernels } from './fused.js';
import type { SimdKernel } from './kernel.js';
import { matMulKernels } from './matmul.js';
import { reduceKernels } from './reduce.js';
import { rmsPropKernels } from './rmsprop.js';
import { selectKernels } from './select.js';
import { shapeKernels } from './shape.js';

/** Every kernel of the backend; the operations not named here run on tfjs's cpu kernels. */
export const kernels: readonly SimdKernel[] = [
  ...batchNormKernels,
  ...convKernels,
  ...elementwiseKernels,
  ...fusedKernels,
  ...matMulKernels,
  ...reduceKernels,
  ...rmsPropKernels,
  ...selectKernels,
  ...shapeKernels,
];
