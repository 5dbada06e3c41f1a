import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gan } from './gan.js';
import { tinyBatches, tinyGan, tinyModels, weightsOf } from './testing/tiny-models.js';
import { WganTrainer } from './trainer.js';
import { WeightAverage } from './weight-average.js';

describe('WeightAverage', () => {
  it('is the weighted sum of all weights so far', () => {
    const weights = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(weights, fc.constantFrom(0.2, 0.6, 0.99), (path, decay) => {
        const weight = tf.variable(tf.scalar(77));
        const average = new WeightAverage([weight], decay);
        path.forEach((value, i) => {
          tf.tidy(() => weight.assign(tf.scalar(value)));
          average.update(i + 1);
        });
        // Weight k stays by the product of all later decays.
        const stays = (n: number) => Math.min(decay, (n - 1) / (n + 9));
        const shares = path.map((_, k) =>
          path.slice(k + 1).reduce((share, _, i) => share * stays(k + 2 + i), 1 - stays(k + 1)),
        );
        const expected = path.reduce((sum, value, k) => sum + value * shares[k], 0);
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1);
        expect(average.averages.get(weight)!.dataSync()[0]).toBeCloseTo(expected, 3);
        average.dispose();
        weight.dispose();
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(Object.entries(tinyModels))('the average of %s', (_, make) => {
  it('makes the samples, also of batch norm, and leaves training as it was', async () => {
    await expectNoLeaks(async () => {
      const run = async (averageDecay: number, peek: boolean) => {
        const model = make();
        const trainer = new WganTrainer(model, { averageDecay, learningRate: 1e-3 });
        const nextBatch = tinyBatches(1, true);
        const seen = [generatorOf(model)];
        for (let i = 0; i < 6; i++) {
          await trainer.step(nextBatch);
          seen.push(generatorOf(model));
          if (peek) await trainer.averaged(() => generatorOf(model));
        }
        const averaged = await trainer.averaged(() => generatorOf(model));
        const after = weightsOf(model);
        trainer.dispose();
        model.dispose();
        return { seen, averaged, after };
      };
      const { seen, averaged, after } = await run(0.5, true);
      const stays = [0, 1 / 11, 2 / 12, 3 / 13, 4 / 14, 5 / 15];
      const expected = seen
        .slice(1)
        .reduce(
          (average, weights, n) =>
            average.map((a, i) =>
              a.map((value, k) => stays[n] * value + (1 - stays[n]) * weights[i][k]),
            ),
          seen[0],
        );
      averaged.forEach((weights, i) => expectClose(weights, expected[i], 1e-5));
      const without = await run(0, false);
      expect(after).toEqual(without.after);
      expect(without.averaged).toEqual(without.seen[6]);
      expect(averaged).not.toEqual(seen[6]);
    });
  });
});

it('the weights come back when the work fails', async () => {
  const model = tinyGan();
  const trainer = new WganTrainer(model, { averageDecay: 0.9 });
  for (let i = 0; i < 3; i++) await trainer.step(tinyBatches(i));
  const before = weightsOf(model);
  const failing = trainer.averaged(async () => {
    expect(weightsOf(model)).not.toEqual(before);
    throw new Error('no space left');
  });
  await expect(failing).rejects.toThrow('no space left');
  expect(weightsOf(model)).toEqual(before);
  trainer.dispose();
  model.dispose();
});

it('before the first step the weights are the model’s own, whatever was put there', async () => {
  const model = tinyGan();
  const trainer = new WganTrainer(model, { averageDecay: 0.9 });
  tf.tidy(() => model.generatorVariables[0].assign(tf.onesLike(model.generatorVariables[0])));
  const z0 = model.latents(1, new Random(1));
  const own = model.generate(z0);
  const averaged = await trainer.averaged(() => model.generate(z0));
  expectClose(averaged, own, 0);
  tf.dispose([z0, own, averaged]);
  trainer.dispose();
  model.dispose();
});

/** Copies of the generator's weights, running statistics included. */
const generatorOf = ({ networks, critic }: Gan) =>
  weightsOf({
    networks: Object.fromEntries(Object.entries(networks).filter(([, n]) => n !== critic)),
  });
