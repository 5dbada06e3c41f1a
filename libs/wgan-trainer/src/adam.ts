import type { Optimizer } from './optimizer.js';

/** Options of {@link adam}; the defaults are those of Kingma and Ba (2015). GANs often have beta1 0.5 or 0. */
export interface AdamOptions {
  /** How much of the mean gradient stays at each step. Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean squared gradient stays at each step. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): w <- w - rate m' / (sqrt(v') + epsilon), where m' and v' are the running means
 * of the gradient and of its square, corrected for having started at zero.
 */
export const adam = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: AdamOptions = {}): Optimizer => ({
  slots: ['mean', 'mean-square'],
  update(weight, gradient, [mean, meanSquare], { rate, update }) {
    const m = mean.mul(beta1).add(gradient.mul(1 - beta1));
    const v = meanSquare.mul(beta2).add(gradient.square().mul(1 - beta2));
    // Both corrections as factors of the rate and of epsilon, which spares two passes over memory.
    const root = Math.sqrt(1 - beta2 ** update);
    const step = (rate * root) / (1 - beta1 ** update);
    return [weight.add(m.div(v.sqrt().add(epsilon * root)).mul(step)), m, v];
  },
});
