import * as tf from '@tensorflow/tfjs';

/** What the two players of a GAN descend. Write your own as a value of this type. */
export interface Objective {
  /** The critic's loss, from its scores [batch, 1] of real and of generated clips. */
  critic(real: tf.Tensor2D, fake: tf.Tensor2D): tf.Scalar;
  /** The generator's loss, from the critic's scores [batch, 1] of generated clips. */
  generator(fake: tf.Tensor2D): tf.Scalar;
}

/** The Wasserstein GAN (paper, equation 4): mean D(G(z)) - mean D(x), and its negative. The trainer's default. */
export const wasserstein: Objective = {
  critic: (real, fake) => fake.mean().sub(real.mean()),
  generator: (fake) => fake.neg().mean(),
};

/**
 * The first GAN, which the paper calls the normal one: sigmoid cross entropy, with the generator's loss that does not
 * saturate, -log sigmoid(D(G(z))) (original code; its critic has noise 0.3 and no constraint).
 */
export const crossEntropy: Objective = {
  critic: (real, fake) => real.neg().softplus().mean().add(fake.softplus().mean()),
  generator: (fake) => fake.neg().softplus().mean(),
};

/** Least squares GAN (Mao et al. 2017): real clips are to score 1, generated ones 0. */
export const leastSquares: Objective = {
  critic: (real, fake) => real.sub(1).square().mean().add(fake.square().mean()).div(2),
  generator: (fake) => fake.sub(1).square().mean().div(2),
};

/** Hinge loss (Lim and Ye 2017): the critic is content with real scores above 1 and generated ones below -1. */
export const hinge: Objective = {
  critic: (real, fake) => tf.sub(1, real).relu().mean().add(fake.add(1).relu().mean()),
  generator: wasserstein.generator,
};
