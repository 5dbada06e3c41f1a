import { argExtremeKernels } from './arg-extreme.js';
import { batchNormKernels } from './batch-norm.js';
import { compareKernels } from './compare.js';
import { convKernels } from './conv.js';
import { cumulativeKernels } from './cumulative.js';
import { depthwiseKernels } from './depthwise.js';
import { elementwiseKernels } from './elementwise.js';
import { fusedKernels } from './fused.js';
import { gatherKernels } from './gather.js';
import type { SimdKernel } from './kernel.js';
import { matMulKernels } from './matmul.js';
import { poolingKernels } from './pooling.js';
import { reduceKernels } from './reduce.js';
import { resizeKernels } from './resize.js';
import { rmsPropKernels } from './rmsprop.js';
import { selectKernels } from './select.js';
import { shapeKernels } from './shape.js';
import { softmaxKernels } from './softmax.js';

/** Every kernel of the backend; the operations not named here run on tfjs's cpu kernels. */
export const kernels: readonly SimdKernel[] = [
  ...argExtremeKernels,
  ...batchNormKernels,
  ...compareKernels,
  ...convKernels,
  ...cumulativeKernels,
  ...depthwiseKernels,
  ...elementwiseKernels,
  ...fusedKernels,
  ...gatherKernels,
  ...matMulKernels,
  ...poolingKernels,
  ...reduceKernels,
  ...resizeKernels,
  ...rmsPropKernels,
  ...selectKernels,
  ...shapeKernels,
  ...softmaxKernels,
];
