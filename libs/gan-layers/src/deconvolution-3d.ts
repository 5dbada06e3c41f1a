import * as tf from '@tensorflow/tfjs';

interface TransposedConvolution {
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same';
}

/**
 * Gives `tf.conv3dTranspose` and `tf.layers.conv3dTranspose` the gradient that tfjs lacks
 * (tensorflow/tfjs#6323), so that 3-D deconvolutions train. Calling it again changes nothing.
 *
 * A transposed convolution is the adjoint of a convolution: its gradient for the input is that
 * convolution, and its gradient for the filter is the convolution's own, with the two ends
 * exchanged.
 */
export function enableConv3dTransposeGradient(): void {
  const kernelName = 'Conv3DBackpropInputV2';
  if (tf.getGradient(kernelName)) return;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (upstream, saved, attributes) => {
      const [dy, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
      const { strides, pad } = attributes as unknown as TransposedConvolution;
      return {
        dy: () => tf.conv3d(upstream as tf.Tensor5D, filter, strides, pad),
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: upstream as tf.Tensor, dy },
              { strides, pad, filterShape: filter.shape },
            ),
      };
    },
  });
}
