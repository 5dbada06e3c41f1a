import { enableConv3dTransposeGradient } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type { Constraint } from './constraint.js';

/**
 * The gradient penalty of WGAN-GP (Gulrajani et al. 2017): weight times the mean of (|slope| - 1)^2, where slope is the
 * gradient of the score at a random place between a real and a generated clip.
 *
 * It is differentiated, so the critic's layers need gradients of their gradients on the backend that trains. Each slope is
 * meant to be that of one clip's own score; batch norm makes it depend on the other clips of the batch as well, and the
 * paper advises against it.
 *
 * @param weight - lambda, 10 in the paper.
 */
export const gradientPenalty = (weight = 10): Constraint => ({
  penalty(score, real, fake, random) {
    enableSecondGradients();
    const batch = real.shape[0];
    // Two dimensions, because tfjs's WebGPU kernels fail to broadcast at rank 5.
    const rows = (clips: tf.Tensor) => clips.reshape([batch, -1]);
    const share = tf.tensor2d(random.uniform(batch, 0, 1), [batch, 1]);
    const between = rows(real)
      .mul(share)
      .add(rows(fake).mul(tf.sub(1, share)));
    const totalScore = (clips: tf.Tensor) => score(clips as tf.Tensor5D).sum();
    const slope = tf.grad(totalScore)(between.reshape(real.shape));
    // Off zero, where the root has no derivative.
    const length = rows(slope).square().sum(1).add(1e-12).sqrt();
    return length.sub(1).square().mean().mul(weight);
  },
});

/** Gives tfjs the gradients that it lacks of what the gradients of a critic's layers are made of. */
function enableSecondGradients(): void {
  // A convolution's gradient is a transposed convolution.
  enableConv3dTransposeGradient();
  // LeakyReLU's asks whether a number is above zero: a step, flat on either side.
  if (tf.getGradient('Greater')) return;
  tf.registerGradient({
    kernelName: 'Greater',
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a), b: () => tf.zerosLike(b) }),
  });
}
