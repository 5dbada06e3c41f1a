import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createGan } from './gan.js';
import { WganTrainer } from './trainer.js';

const dense = (inputs: number, units: number) =>
  tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [inputs] })] });

describe('createGan', () => {
  it('draws seeded latents, generates, scores, and knows what each network learns', () => {
    const [generator, critic] = [dense(3, 5), dense(5, 1)];
    const gan = createGan({ generator, critic });
    tf.tidy(() => {
      const z = gan.latents(2, new Random(1));
      expect([...z.dataSync()]).toEqual([...new Random(1).uniform(6, -1, 1)]);
      const samples = gan.generate(z);
      expect(samples.shape).toEqual([2, 5]);
      const expected = critic.predict(generator.predict(z) as tf.Tensor) as tf.Tensor;
      expect(gan.score(samples).dataSync()).toEqual(expected.dataSync());
    });
    expect(gan.networks).toEqual({ generator, critic });
    expect(gan.generatorVariables.map(({ shape }) => shape)).toEqual([[3, 5], [5]]);
    expect(gan.criticVariables.map(({ shape }) => shape)).toEqual([[5, 1], [1]]);
    tf.dispose([...gan.generatorVariables, ...gan.criticVariables]);
  });

  it('passes on whether the networks train', () => {
    const normalized = (units: number) =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 4, inputShape: [4] }),
          tf.layers.batchNormalization({ momentum: 0.5 }),
          tf.layers.dense({ units }),
        ],
      });
    const gan = createGan({ generator: normalized(4), critic: normalized(1) });
    const statistics = () =>
      Object.values(gan.networks).map((network) =>
        network.nonTrainableWeights.map((weight) => [...weight.read().dataSync()]),
      );
    tf.tidy(() => {
      const z = gan.latents(3, new Random(1));
      const before = statistics();
      gan.score(gan.generate(z));
      expect(statistics()).toEqual(before);
      gan.score(gan.generate(z, { training: true }), { training: true });
      statistics().forEach((moved, i) => expect(moved).not.toEqual(before[i]));
    });
  });

  it('takes latents of another distribution', async () => {
    await expectNoLeaks(async () => {
      const [generator, critic] = [dense(3, 5), dense(5, 1)];
      const counts: number[] = [];
      const latents = (count: number) => (counts.push(count), tf.ones([count, 3]));
      const trainer = new WganTrainer(createGan({ generator, critic, latents }));
      await trainer.step({ samples: tf.zeros([7, 5]) });
      expect(counts).toEqual([7]);
      trainer.dispose();
      generator.dispose();
      critic.dispose();
    });
  });

  it.each([
    [dense(3, 5), dense(4, 1), /the generator makes samples \[5\], the critic takes \[4\]/],
    [
      dense(3, 5),
      dense(5, 2),
      /the critic must output one score a sample, \[1\], but outputs \[2\]/,
    ],
  ])('refuses networks that do not fit', (generator, critic, message) => {
    expect(() => createGan({ generator, critic })).toThrow(message);
  });

  it('refuses a network of several inputs', () => {
    const inputs = [tf.input({ shape: [2] }), tf.input({ shape: [3] })];
    const outputs = tf.layers
      .dense({ units: 5 })
      .apply(tf.layers.concatenate().apply(inputs)) as tf.SymbolicTensor;
    const generator = tf.model({ inputs, outputs });
    expect(() => createGan({ generator, critic: dense(5, 1) })).toThrow(
      /the generator must have one input, it has 2/,
    );
  });
});
