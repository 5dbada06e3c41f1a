// A Wasserstein DCGAN that draws the digits of MNIST, in plain TensorFlow.js. Two lines are about
// singular value clipping. `--without` leaves them out: the critic's singular values then grow, and
// its scores with them.
import * as tf from '@tensorflow/tfjs';
import { mnistDigits } from '@tgan/datasets';
import { registerSimdBackend } from '@tgan/simd-backend';
import { clipModel } from '@tgan/svc-constraint';

const clips = !process.argv.includes('--without');
const steps = Number(process.env.STEPS ?? 300);
await registerSimdBackend();
await tf.setBackend('simd');

const { batchNormalization, conv2d, conv2dTranspose, dense, flatten, leakyReLU, reLU, reshape } =
  tf.layers;
const twice = { kernelSize: 4, strides: 2, padding: 'same' };
const generator = tf.sequential({
  layers: [
    dense({ units: 7 * 7 * 32, inputShape: [32] }),
    batchNormalization(),
    reLU(),
    reshape({ targetShape: [7, 7, 32] }),
    conv2dTranspose({ filters: 16, ...twice }),
    batchNormalization(),
    reLU(),
    conv2dTranspose({ filters: 1, activation: 'tanh', ...twice }),
  ],
});
const critic = tf.sequential({
  layers: [
    conv2d({ filters: 16, inputShape: [28, 28, 1], ...twice }),
    leakyReLU({ alpha: 0.2 }),
    conv2d({ filters: 32, ...twice }),
    leakyReLU({ alpha: 0.2 }),
    flatten(),
    dense({ units: 1 }),
  ],
});
const optimizers = { critic: tf.train.rmsprop(1e-3), generator: tf.train.rmsprop(1e-3) };
const variables = (model) => model.trainableWeights.map((weight) => weight.read());
const score = (images) => critic.apply(images, { training: true }).mean();
const drawn = () => generator.apply(tf.randomUniform([32, 32], -1, 1), { training: true });

const digits = await mnistDigits();
const nextBatch = () => {
  const of = tf.randomUniform([32], 0, digits.count, 'int32').dataSync();
  const pixels = [...of].flatMap((i) => [...digits.pixels.subarray(i * 784, (i + 1) * 784)]);
  return tf.tensor4d(pixels, [32, 28, 28, 1]).div(127.5).sub(1);
};

for (let step = 1; step <= steps; step++) {
  const distance = tf.tidy(() => {
    const real = nextBatch();
    const loss = () => score(drawn()).sub(score(real));
    return optimizers.critic.minimize(loss, true, variables(critic)).neg().dataSync()[0];
  });
  tf.tidy(() =>
    optimizers.generator.minimize(() => score(drawn()).neg(), false, variables(generator)),
  );

  if (clips && step % 5 === 0) await clipModel(critic, { measure: false });

  if (step % 50 === 0 || step === steps) {
    console.log(`step ${step}: the critic tells them apart by ${distance.toFixed(2)}`);
  }
}

// What the critic has become. The report of a model that is clipped already says 1.
const { kernels } = await clipModel(critic, { measure: false });
const largest = Math.max(...kernels.map(({ before }) => before));
console.log(`largest singular value: ${largest.toFixed(3)} ${clips ? 'with' : 'without'} clipping`);
