import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParameterGroup } from '../parameter-group.js';
import { adam } from './adam.js';
import type { Optimizer } from './optimizer.js';
import { rmsProp } from './rmsprop.js';

/** The weights that gradients lead one weight to, from 0.5 on. */
function follow(
  optimizer: Optimizer,
  gradients: readonly number[],
  learningRate: number,
): number[] {
  const variable = tf.variable(tf.scalar(0.5));
  const group = new ParameterGroup([variable], optimizer);
  const path = gradients.map((g) => {
    const gradient = tf.scalar(g);
    group.step({ [variable.name]: gradient }, learningRate);
    gradient.dispose();
    return variable.dataSync()[0];
  });
  group.dispose();
  variable.dispose();
  return path;
}

const gradients = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 8,
});
const learningRate = fc.constantFrom(0.03, 0.1);

describe('rmsProp', () => {
  it('follows its formula over any gradients', () => {
    fc.assert(
      fc.property(gradients, learningRate, (gradients, rate) => {
        let [weight, meanSquare] = [0.5, 0];
        const expected = gradients.map((g) => {
          meanSquare = 0.9 * meanSquare + 0.1 * g * g;
          return (weight -= (rate * g) / (Math.sqrt(meanSquare) + 1e-2));
        });
        expectClose(
          follow(rmsProp({ decay: 0.9, epsilon: 1e-2 }), gradients, rate),
          expected,
          1e-5,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('has the defaults of the original code, epsilon outside the root', () => {
    // A gradient of 1e-9 has a root mean square of 1e-10: epsilon inside the root would swallow it.
    const [weight] = follow(rmsProp(), [1e-9], 5);
    expect(weight).toBeCloseTo(0.5 - (5 * 1e-9) / (1e-10 + 1e-8), 5);
  });
});

describe('adam', () => {
  it('follows its formula over any gradients', () => {
    // Smaller ones would compare float32's smallest squares with epsilon.
    const sizeable = gradients.map((all) => all.map((g) => (Math.abs(g) < 1e-3 ? 0 : g)));
    const betas = fc.record({
      beta1: fc.constantFrom(0, 0.5, 0.9),
      beta2: fc.constantFrom(0.9, 0.999),
      epsilon: fc.constantFrom(1e-8, 1e-2),
    });
    fc.assert(
      fc.property(sizeable, learningRate, betas, (gradients, rate, options) => {
        const { beta1, beta2, epsilon } = options;
        // The means as weighted sums over all gradients so far, rather than as recurrences.
        const mean = (values: readonly number[], beta: number) => {
          const weights = values.map((_, i) => beta ** (values.length - 1 - i));
          const sum = weights.reduce((a, b) => a + b);
          return values.reduce((total, value, i) => total + value * weights[i], 0) / sum;
        };
        let weight = 0.5;
        const expected = gradients.map((_, i) => {
          const seen = gradients.slice(0, i + 1).map(Math.fround);
          const square = mean(
            seen.map((g) => g * g),
            beta2,
          );
          return (weight -= (rate * mean(seen, beta1)) / (Math.sqrt(square) + epsilon));
        });
        expectClose(follow(adam(options), gradients, rate), expected, 2e-5);
      }),
      { numRuns: 100 },
    );
  });

  it('has the defaults of Kingma and Ba', () => {
    const path = [0.3, -0.2, 0.1];
    const named = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    expect(follow(adam(), path, 0.1)).toEqual(follow(named, path, 0.1));
  });
});

describe.each([
  ['rmsProp', rmsProp()],
  ['adam', adam()],
])('a parameter group with %s', (_, optimizer) => {
  it('keeps a tensor for each variable and accumulator and frees them', async () => {
    await expectNoLeaks(() => {
      const variable = tf.tidy(() => tf.variable(tf.ones([3])));
      const gradient = tf.ones([3]);
      const group = new ParameterGroup([variable], optimizer);
      const { numTensors } = tf.memory();
      for (let i = 0; i < 3; i++) group.step({ [variable.name]: gradient }, 0.1);
      expect(group.updates).toBe(3);
      expect(tf.memory().numTensors).toBe(numTensors);
      group.dispose();
      tf.dispose([variable, gradient]);
    });
  });
});

describe('an optimizer that leaves some as it is', () => {
  it('may return the weight and the accumulators that it got', async () => {
    const everySecond: Optimizer = {
      accumulators: ['sum', 'unused'],
      update: (weight, gradient, [sum, unused], { step }) =>
        step % 2 ? [weight.sub(gradient), sum, unused] : [weight, sum.add(gradient), unused],
    };
    await expectNoLeaks(() => {
      const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
      const group = new ParameterGroup([variable], everySecond);
      for (let i = 0; i < 4; i++) {
        const gradient = tf.scalar(0.25);
        group.step({ [variable.name]: gradient }, 1);
        gradient.dispose();
      }
      expect(variable.dataSync()[0]).toBe(0.5);
      const [[sum, unused]] = group.accumulators.values();
      expect([sum.dataSync()[0], unused.dataSync()[0]]).toEqual([0.5, 0]);
      group.dispose();
      variable.dispose();
    });
  });
});
