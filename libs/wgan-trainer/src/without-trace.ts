import { noiseStates, restoreNoise } from '@tgan/gan-layers';
import type * as tf from '@tensorflow/tfjs';

/** Runs a pass through a network and puts its running statistics and noise streams back to where they were. */
export function withoutTrace<T>(network: tf.LayersModel, pass: () => T): T {
  const noise = noiseStates(network);
  const statistics = network.nonTrainableWeights.map((weight) => weight.read() as tf.Variable);
  const before = statistics.map((variable) => variable.clone());
  try {
    return pass();
  } finally {
    statistics.forEach((variable, i) => variable.assign(before[i]));
    restoreNoise(network, noise);
    for (const values of before) values.dispose();
  }
}
