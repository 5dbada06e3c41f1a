import { expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { BatchNorm, enableConv3dTransposeGradient, GaussianNoise } from './index.js';
import { expectReadmeToShow } from '../../../tools/readme-example.js';

it('does what the README shows', async () => {
  // README
  enableConv3dTransposeGradient(); // without it tf.layers.conv3dTranspose cannot train
  const model = tf.sequential({
    layers: [
      tf.layers.conv3dTranspose({
        inputShape: [4, 8, 8, 6], // time, height, width, channels
        filters: 3,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
      }),
      new BatchNorm({ center: false }),
      new GaussianNoise({ stddev: 0.3, seed: 42 }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
    ],
  });
  // README
  expect(model.outputShape).toEqual([null, 8, 16, 16, 3]);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(() => {
    const y = model.apply(tf.ones([1, 4, 8, 8, 6]), { training: true }) as tf.Tensor;
    return y.square().mean() as tf.Scalar;
  }, variables);
  expect(Object.keys(grads)).toHaveLength(3);
  tf.dispose([value, grads]);
  model.dispose();

  expectReadmeToShow(import.meta.url);
});
