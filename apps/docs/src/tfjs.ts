// TensorFlow.js as pages use it: the package `@tensorflow/tfjs` has its webgl backend, its
// converter and its data sets too, which would double the size of every worker.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
