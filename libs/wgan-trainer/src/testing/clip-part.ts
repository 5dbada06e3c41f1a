import { Random, type Communicator } from '@tgan/core';
import { clipModel, type ClipReport } from '@tgan/svc-constraint';
import * as tf from '@tensorflow/tfjs';
import { clipTogether } from '../constraints/clip-together.js';
import { valuesOf } from './tiny-models.js';

/** A report of the clipping, and the weights after it. */
export interface Clipped {
  readonly report: ClipReport;
  readonly weights: Float32Array[];
}

/** A critic of layers of several sizes, some of them in a model within it. */
function critic(seed: number): tf.LayersModel {
  const random = new Random(seed);
  const features = tf.sequential({
    name: 'features',
    layers: [
      tf.layers.conv2d({ name: 'conv', inputShape: [6, 6, 2], filters: 5, kernelSize: 3 }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.flatten({ name: 'flat' }),
    ],
  });
  const model = tf.sequential({
    layers: [
      features,
      tf.layers.dense({ name: 'wide', units: 12 }),
      tf.layers.embedding({ name: 'table', inputDim: 4, outputDim: 2 }),
      tf.layers.flatten({ name: 'joined' }),
      tf.layers.dense({ name: 'score', units: 1 }),
    ],
  });
  const weights = model.getWeights().map(({ shape }) => {
    const size = tf.util.sizeFromShape(shape);
    return tf.tensor(random.uniform(size, -1, 2), shape);
  });
  model.setWeights(weights);
  tf.dispose(weights);
  return model;
}

/** Clips a seeded critic, with others or alone. */
export default async function clipPart(
  communicator: Communicator | undefined,
  seed: number,
): Promise<Clipped> {
  const model = critic(seed);
  const report = communicator
    ? await clipTogether(model, communicator)
    : await clipModel(model, { measure: false });
  const weights = valuesOf(model.weights.map((weight) => weight.read() as tf.Variable));
  model.dispose();
  return { report, weights };
}
