import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RmsProp } from './rmsprop.js';

describe('RmsProp', () => {
  it('follows its formula over any gradients, up and down', () => {
    const gradients = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(gradients, fc.constantFrom(-1 as const, 1 as const), (gradients, direction) => {
        const variable = tf.variable(tf.scalar(0.5));
        const optimiser = new RmsProp({ learningRate: 0.1, decay: 0.9, epsilon: 1e-2 });
        let [weight, meanSquare] = [0.5, 0];
        for (const g of gradients) {
          const gradient = tf.scalar(g);
          optimiser.step([variable], { [variable.name]: gradient }, direction);
          gradient.dispose();
          meanSquare = 0.9 * meanSquare + 0.1 * g * g;
          weight += (direction * 0.1 * g) / (Math.sqrt(meanSquare) + 1e-2);
        }
        expectClose(variable, [weight], 1e-5);
        optimiser.dispose();
        variable.dispose();
      }),
      { numRuns: 50 },
    );
  });

  it('has the defaults of the original code, epsilon outside the root', () => {
    const optimiser = new RmsProp({ learningRate: 5e-5 });
    expect(optimiser).toMatchObject({ decay: 0.99, epsilon: 1e-8 });
    // A gradient of 1e-9 has a root mean square of 1e-10: epsilon inside the root would swallow it.
    const variable = tf.variable(tf.scalar(0));
    const gradient = tf.scalar(1e-9);
    optimiser.step([variable], { [variable.name]: gradient });
    expectClose(variable, [(-5e-5 * 1e-9) / (1e-10 + 1e-8)], 1e-4);
    tf.dispose([variable, gradient]);
    optimiser.dispose();
  });

  it('keeps one tensor a variable and frees it', async () => {
    await expectNoLeaks(() => {
      const variable = tf.tidy(() => tf.variable(tf.ones([3])));
      const gradient = tf.ones([3]);
      const optimiser = new RmsProp({ learningRate: 0.1 });
      optimiser.step([variable], { [variable.name]: gradient });
      const afterOne = tf.memory().numTensors;
      optimiser.step([variable], { [variable.name]: gradient });
      expect(tf.memory().numTensors).toBe(afterOne);
      optimiser.dispose();
      tf.dispose([variable, gradient]);
    });
  });
});
