import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { unconstrained } from './constraints/none.js';
import { createGan } from './gan.js';
import { hinge } from './objectives/hinge.js';
import { leastSquares } from './objectives/least-squares.js';
import { crossEntropy } from './objectives/normal.js';
import type { Objective } from './objectives/objective.js';
import { wasserstein } from './objectives/wasserstein.js';
import { tinyBatches, tinyGan, valuesOf, weightsOf } from './testing/tiny-models.js';
import { WganTrainer } from './trainer.js';

/** A model without batch norm, so that no clip of a batch can tell which others are in it. */
function plainModel() {
  const clip: [number, number, number, number] = [2, 4, 4, 1];
  const kernel = (seed: number) =>
    tf.initializers.randomNormal({ stddev: 0.5, seed }) as ReturnType<typeof tf.initializers.zeros>;
  const generator = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 32,
        activation: 'tanh',
        inputShape: [3],
        kernelInitializer: kernel(1),
      }),
      tf.layers.reshape({ targetShape: clip }),
    ],
  });
  const critic = tf.sequential({
    layers: [
      tf.layers.conv3d({
        filters: 2,
        kernelSize: 2,
        inputShape: clip,
        activation: 'tanh',
        kernelInitializer: kernel(2),
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: kernel(3) }),
    ],
  });
  return {
    ...createGan({ generator, critic }),
    dispose: () => void [generator.dispose(), critic.dispose()],
  };
}

/** Real clips one after the other, in batches of a size. */
function clipsBy(size: number) {
  const random = new Random(3);
  return async () => ({
    samples: tf.tensor5d(random.uniform(size * 32, -1, 1), [size, 2, 4, 4, 1]),
  });
}

const objectives: [string, Objective][] = [
  ['wasserstein', wasserstein],
  ['cross entropy', crossEntropy],
  ['least squares', leastSquares],
  ['hinge', hinge()],
];

describe.each(objectives)('accumulation with %s', (_, objective) => {
  it('of 4 batches of 3 makes the steps of one batch of 12, where there is no batch norm', async () => {
    await expectNoLeaks(async () => {
      const run = async (accumulate: number) => {
        const model = plainModel();
        const trainer = new WganTrainer(model, {
          ...{ accumulate, objective, criticSteps: 2, learningRate: 1e-2, seed: 5 },
          constraint: unconstrained,
          // Plain descent, because RMSProp's first step takes the sign of gradients, tiny ones too.
          optimizer: {
            accumulators: [],
            update: (w, g, _, { learningRate }) => [w.sub(g.mul(learningRate))],
          },
        });
        const nextBatch = clipsBy(12 / accumulate);
        const values: number[] = [];
        for (let i = 0; i < 3; i++) values.push((await trainer.step(nextBatch)).value);
        const weights = valuesOf([...model.generatorVariables, ...model.criticVariables]);
        expect(trainer.batchesPerStep).toBe(2 * accumulate);
        trainer.dispose();
        model.dispose();
        return { values, weights };
      };
      const [whole, parts] = [await run(1), await run(4)];
      expectClose(parts.values, whole.values, 1e-5);
      const start = plainModel();
      const before = valuesOf([...start.generatorVariables, ...start.criticVariables]);
      start.dispose();
      whole.weights.forEach((weight, i) => {
        expectClose(parts.weights[i], weight, 1e-6);
        // The last bias of a Wasserstein critic has no gradient.
        if (weight.length > 1) expect(weight).not.toEqual(before[i]);
      });
    });
  });
});

describe('accumulation', () => {
  it('asks for all batches, keeps the number of tensors, and repeats to the bit', async () => {
    await expectNoLeaks(async () => {
      const run = async () => {
        const model = tinyGan();
        const trainer = new WganTrainer(model, { accumulate: 3, criticSteps: 2 });
        const batches = tinyBatches(1);
        let asked = 0;
        const nextBatch = () => (asked++, batches());
        const { numTensors } = tf.memory();
        for (let i = 1; i <= 3; i++) {
          await trainer.step(nextBatch);
          expect(asked).toBe(6 * i);
          expect(tf.memory().numTensors).toBe(numTensors);
        }
        const weights = weightsOf(model);
        trainer.dispose();
        model.dispose();
        return weights;
      };
      expect(await run()).toEqual(await run());
    });
  });

  it('changes no learned weight when one of its batches fails, and leaks nothing', async () => {
    const model = tinyGan();
    const trainer = new WganTrainer(model, { accumulate: 3 });
    const learned = () => valuesOf([...model.generatorVariables, ...model.criticVariables]);
    const before = learned();
    for (const third of [
      () => Promise.reject(new Error('the disk is gone')),
      async () => ({ samples: tf.fill([2, 4, 16, 16, 1], NaN) as tf.Tensor5D }),
    ]) {
      await expectNoLeaks(async () => {
        const good = tinyBatches(1);
        let asked = 0;
        const failing = trainer.step(() => (++asked === 3 ? third() : good()));
        await expect(failing).rejects.toThrow(/the disk is gone|scores are NaN/);
      });
      expect(learned()).toEqual(before);
    }
    trainer.dispose();
    model.dispose();
  });
});
