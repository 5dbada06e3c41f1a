import * as tf from '@tensorflow/tfjs';

/** Pixels from one cell of the network's output to the next. */
export const cellSize = 4;

/** The ten digits, and a last class for "no digit's center is here". */
export const outputClasses = 11;

/** Channels of the layer that the last one reads: a description of what is around each cell. */
export const describedIn = 64;

/**
 * The network that reads frames of Moving MNIST: convolutions only, so it takes frames of any size.
 *
 * Its output says how much of the center of each digit lies in each cell of 4x4 pixels. A digit
 * between cells is shared out among the nearest four by bilinear weights. So the sum over
 * neighboring cells is the probability that a digit is there, and their weighted mean is its
 * position.
 *
 * @param random - draws the first weights. Left out where trained ones follow.
 * @returns a model from `[batch, height, width, 1]` in [0, 1], height and width multiples of 4, to
 * logits `[batch, height / 4, width / 4, 11]`. The caller disposes of it.
 */
export function createReaderNetwork(random?: { seed(): number }): tf.Sequential {
  const conv = (filters: number, kernelSize: number, strides: number, more = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: random ? tf.initializers.heNormal({ seed: random.seed() }) : 'zeros',
      ...more,
    });
  return tf.sequential({
    layers: [
      conv(16, 4, 2, { inputShape: [null, null, 1] }),
      conv(32, 4, 2),
      conv(48, 3, 1),
      conv(64, 3, 1),
      conv(describedIn, 3, 1),
      conv(outputClasses, 1, 1, { activation: 'linear' }),
    ],
  });
}
