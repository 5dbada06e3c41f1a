import type { Entry } from '@tgan/core';
import * as z from 'zod';
import type { Optimizer } from './optimizer.js';

/** Options of {@link adam}; the defaults are those of Kingma and Ba (2015). */
export interface AdamOptions {
  /** Decay of the mean gradient. Default 0.9; GANs often use 0.5 or 0. */
  readonly beta1?: number;
  /** Decay of the mean squared gradient. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1): w <- w - learningRate m' / (sqrt(v') + epsilon), where m'
 * and v' are the running means of the gradient and of its square, corrected for their start at
 * zero.
 */
export const adam = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
}: AdamOptions = {}): Optimizer => ({
  accumulators: ['mean', 'mean-square'],
  update(weight, gradient, [mean, meanSquare], { learningRate, step }) {
    const m = mean.mul(beta1).add(gradient.mul(1 - beta1));
    const v = meanSquare.mul(beta2).add(gradient.square().mul(1 - beta2));
    // Both corrections become factors of the learning rate and of epsilon. This saves two passes
    // over memory.
    const root = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * root) / (1 - beta1 ** step);
    return [weight.sub(m.div(v.sqrt().add(epsilon * root)).mul(rate)), m, v];
  },
});

const decay = z.number().min(0).lt(1);
const options = z.strictObject({
  beta1: decay.default(0.5).describe('decay of the mean gradient'),
  beta2: decay.default(0.999).describe('decay of the mean squared gradient'),
});

/** `adam` in the registry of optimizers. Its beta1 defaults to 0.5, which is common for GANs. */
export const adamEntry: Entry<Optimizer, void, typeof options> = {
  name: 'adam',
  description: 'Adam (Kingma and Ba 2015)',
  options,
  create: (betas) => adam(betas),
};
