// Loaded before each block of code: the fastest backend that every machine has, and what checks the
// shapes that comments claim.
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';

await registerSimdBackend();
await tf.setBackend('simd');

Object.assign(globalThis, {
  expectShape(name, { shape }, claimed) {
    if (String(shape) === String(claimed)) return;
    throw new Error(`${name} has the shape [${shape}]; the comment says [${claimed}]`);
  },
});
