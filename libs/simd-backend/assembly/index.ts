/** The interface that the module was built with, see bindings.mjs. The build defines it. */
export const bindingsVersion: i32 = BINDINGS_VERSION;

// The kernels: what the module exports and src/kernel-bindings.ts describes. Each is called as
// `kernel(task, thread, ...args)` for every task number, by whichever thread is free.
export { argExtreme } from './arg-extreme';
export {
  batchNormApply,
  batchNormGradient,
  batchNormGradientSums,
  batchNormSums,
} from './batch-norm';
export { col2im } from './col2im';
export { copyBox, fill } from './copy';
export { cumulativeSum } from './cumulative';
export { depthwise, depthwiseFilterGradient } from './depthwise';
export { direct } from './direct';
export { binary } from './elementwise/binary';
export { compare } from './elementwise/compare';
export { logic } from './elementwise/logic';
export { rmsProp } from './elementwise/rmsprop';
export { select } from './elementwise/select';
export { unary } from './elementwise/unary';
export { gather, segmentSum } from './gather';
export { gemm, mirrorUpper } from './gemm';
export { im2col } from './im2col';
export { packPanels } from './pack';
export { averagePool, maxPool, maxPoolGradient } from './pooling';
export { maxColumns, sumColumns, sumRows } from './reduce';
export { resize, resizeGradient } from './resize';
export { softmax } from './softmax';
export { winogradFilter } from './winograd/filter';
export { winogradFilterAdjoint } from './winograd/filter-adjoint';
export { winogradInput } from './winograd/input';
export { winogradInputAdjoint } from './winograd/input-adjoint';
export { winogradOutput } from './winograd/output';
export { winogradOutputAdjoint } from './winograd/output-adjoint';
