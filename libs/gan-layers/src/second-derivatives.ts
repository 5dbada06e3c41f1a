import * as tf from '@tensorflow/tfjs';
import { enableConv3dTransposeGradient } from './deconvolution-3d.js';

/**
 * Registers gradients that TensorFlow.js lacks for the gradients of convolutions and LeakyReLU, so
 * that penalties on gradients can be differentiated. Calling it again changes nothing.
 */
export function enableSecondDerivatives(): void {
  // The gradient of a convolution is a transposed convolution.
  enableConv3dTransposeGradient();
  // The gradient of LeakyReLU compares with zero: a step function, flat on both sides.
  if (tf.getGradient('Greater')) return;
  tf.registerGradient({
    kernelName: 'Greater',
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) }),
  });
}
