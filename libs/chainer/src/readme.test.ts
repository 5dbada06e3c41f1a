import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { expectReadmeToShow } from '../../../tools/readme-example.js';
import { assignWeights, chainerWeights } from './index.js';

// The first example of the README is run by import-chainer.test.ts of @tgan/video-gan.
it('does what the README shows', () => {
  // README
  const network = tf.sequential();
  network.add(tf.layers.conv1d({ name: 'conv0', inputShape: [4, 2], filters: 3, kernelSize: 2 }));
  const snapshot = new Map([
    ['c0/W', { shape: [3, 2, 2], data: new Float32Array(12) }], // out, in, kernel
    ['c0/b', { shape: [3], data: Float32Array.of(7, 8, 9) }],
  ]);
  assignWeights(chainerWeights(network, snapshot));
  // README
  expect([...network.getWeights()[1].dataSync()]).toEqual([7, 8, 9]);
  network.dispose();

  expectReadmeToShow(import.meta.url);
});
