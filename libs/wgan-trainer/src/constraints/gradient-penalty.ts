import * as tf from '@tensorflow/tfjs';
import type { Constraint } from './constraint.js';

/**
 * The gradient penalty of WGAN-GP (Gulrajani et al. 2017): weight times the mean of (norm - 1)^2,
 * where norm is the gradient norm of the score at a random point between a real and a generated
 * sample.
 *
 * The penalty is differentiated, so the critic's layers need second derivatives on the backend that
 * trains. Each gradient should be that of one sample's own score. Batch norm makes it depend on the
 * other samples of the batch, and the authors advise against batch norm.
 *
 * @param weight - lambda, 10 in their paper.
 */
export const gradientPenalty = (weight = 10): Constraint => ({
  penalty(score, real, fake, random) {
    const batch = real.shape[0];
    // Two dimensions, because the WebGPU kernels of TensorFlow.js fail to broadcast at rank 5.
    const rows = (samples: tf.Tensor) => samples.reshape([batch, -1]);
    const share = tf.tensor2d(random.uniform(batch, 0, 1), [batch, 1]);
    const between = rows(real)
      .mul(share)
      .add(rows(fake).mul(tf.sub(1, share)));
    const totalScore = (samples: tf.Tensor) => score(samples).sum();
    const gradient = tf.grad(totalScore)(between.reshape(real.shape));
    // Off zero, where the root has no derivative.
    const norm = rows(gradient).square().sum(1).add(1e-12).sqrt();
    return norm.sub(1).square().mean().mul(weight);
  },
});
