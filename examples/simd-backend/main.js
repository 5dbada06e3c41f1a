// An existing TensorFlow.js program. Only the two marked lines are new: it trains on all cores, by
// threaded WebAssembly.
import * as tf from '@tensorflow/tfjs';
import { registerSimdBackend } from '@tgan/simd-backend'; // new

if (!process.argv.includes('--without')) {
  await registerSimdBackend().then(() => tf.setBackend('simd')); // new
}

const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, activation: 'relu' }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

const images = tf.randomUniform([64, 28, 28, 1]);
const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
const began = performance.now();
const { history } = await model.fit(images, labels, { epochs: 3, batchSize: 16, verbose: 0 });
const seconds = ((performance.now() - began) / 1000).toFixed(2);
console.log(`on ${tf.getBackend()}: loss ${history.loss.at(-1).toFixed(3)} in ${seconds} s`);
