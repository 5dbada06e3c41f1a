import { Random } from '@tgan/core';
import { redundantBiases } from '@tgan/gan-layers';
import { difference, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unconstrained } from '../constraints/none.js';
import { lossGradients } from '../gradients.js';
import { tinyBatches, tinyGan, valuesOf, weightsOf } from '../testing/tiny-models.js';
import { WganTrainer } from '../trainer.js';
import { hinge } from './hinge.js';
import { leastSquares } from './least-squares.js';
import { crossEntropy } from './normal.js';
import type { PlainObjective } from './objective.js';
import { wasserstein } from './wasserstein.js';

const { exp, log, max } = Math;
const mean = (scores: readonly number[], f = (score: number) => score) =>
  scores.reduce((sum, score) => sum + f(score), 0) / scores.length;
const sigmoid = (x: number) => 1 / (1 + exp(-x));

/** Each objective, and its two losses in plain numbers. */
const objectives: [
  string,
  PlainObjective,
  (real: number[], fake: number[]) => number,
  (fake: number[]) => number,
][] = [
  ['wasserstein', wasserstein, (x, g) => mean(g) - mean(x), (g) => -mean(g)],
  [
    'crossEntropy',
    crossEntropy,
    (x, g) => -mean(x, (s) => log(sigmoid(s))) - mean(g, (s) => log(1 - sigmoid(s))),
    (g) => -mean(g, (s) => log(sigmoid(s))),
  ],
  [
    'leastSquares',
    leastSquares,
    (x, g) => mean(x, (s) => (s - 1) ** 2) / 2 + mean(g, (s) => s ** 2) / 2,
    (g) => mean(g, (s) => (s - 1) ** 2) / 2,
  ],
  [
    'hinge',
    hinge(),
    (x, g) => mean(x, (s) => max(0, 1 - s)) + mean(g, (s) => max(0, 1 + s)),
    (g) => -mean(g),
  ],
  [
    'hinge with a margin',
    hinge(0.2),
    (x, g) => mean(x, (s) => max(0, 0.2 - s)) + mean(g, (s) => max(0, 0.2 + s)),
    (g) => -mean(g),
  ],
];

describe.each(objectives)('%s', (_, objective, criticLoss, generatorLoss) => {
  it('has the losses of its formulas', () => {
    const scores = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), {
      minLength: 1,
      maxLength: 5,
    });
    const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);
    fc.assert(
      fc.property(scores, scores, (real, fake) => {
        tf.tidy(() => {
          const [x, g] = [column(real), column(fake)];
          expect(objective.criticLoss(x, g).dataSync()[0]).toBeCloseTo(criticLoss(real, fake), 3);
          expect(objective.generatorLoss(g).dataSync()[0]).toBeCloseTo(generatorLoss(fake), 3);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('has the gradients of both losses, and leaves what one pass leaves', async () => {
    const [ours, theirs] = [tinyGan({ noise: 0.3 }), tinyGan({ noise: 0.3 })];
    const batch = await tinyBatches(1)();
    const z0 = ours.latents(2, new Random(1));
    await expectNoLeaks(() => {
      const { gradients, real, fake } = lossGradients(ours, objective, batch, z0, {
        generator: true,
      });
      // The noise is the same again, because the two models have the same seed.
      const train = { training: true };
      const of = (
        loss: (real: tf.Tensor2D, fake: tf.Tensor2D) => tf.Scalar,
        gan = tinyGan({ noise: 0.3 }),
      ) => {
        const variables = [...gan.generatorVariables, ...gan.criticVariables];
        const { value, grads } = tf.variableGrads(() => {
          const g = gan.score(gan.generate(z0, train), train);
          return loss(gan.score(batch.samples, train), g);
        }, variables);
        value.dispose();
        return { grads, gan };
      };
      const critic = of(objective.criticLoss, theirs);
      const generator = of((_, g) => objective.generatorLoss(g));
      const pairs = [
        ...ours.criticVariables.map(
          (v, i) => [v, critic.grads[theirs.criticVariables[i].name]] as const,
        ),
        ...ours.generatorVariables.map(
          (v, i) => [v, generator.grads[generator.gan.generatorVariables[i].name]] as const,
        ),
      ];
      const redundant = new Set(Object.values(ours.networks).flatMap(redundantBiases));
      for (const [variable, expected] of pairs) {
        if (redundant.has(variable)) {
          expect(gradients[variable.name].dataSync().every((value) => value === 0)).toBe(true);
          continue;
        }
        expect(difference(gradients[variable.name], expected).relative).toBeLessThan(1e-5);
      }
      expect(weightsOf(ours)).toEqual(weightsOf(theirs));
      tf.dispose([gradients, real, fake, critic.grads, generator.grads]);
      generator.gan.dispose();
    });
    tf.dispose([z0, batch.samples]);
    ours.dispose();
    theirs.dispose();
  });

  it('trains', async () => {
    await expectNoLeaks(async () => {
      const gan = tinyGan({ noise: 0.3 });
      const trainer = new WganTrainer(gan, {
        objective,
        constraint: unconstrained,
        criticSteps: 2,
      });
      const nextBatch = tinyBatches(1);
      await trainer.step(nextBatch);
      const { numTensors } = tf.memory();
      const before = [valuesOf(gan.generatorVariables), valuesOf(gan.criticVariables)];
      for (let i = 0; i < 5; i++)
        expect(await trainer.step(nextBatch)).not.toHaveProperty('clipping');
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(valuesOf(gan.generatorVariables)).not.toEqual(before[0]);
      expect(valuesOf(gan.criticVariables)).not.toEqual(before[1]);
      trainer.dispose();
      gan.dispose();
    });
  });
});

it('the Wasserstein objective in two backward passes has the gradients of its one', async () => {
  const [one, two] = [tinyGan(), tinyGan()];
  const batch = await tinyBatches(1)();
  const z0 = one.latents(2, new Random(1));
  const [g, d] = [one.generatorVariables, one.criticVariables];
  const apart: PlainObjective = { ...wasserstein, zeroSum: false };
  const once = lossGradients(one, wasserstein, batch, z0, { generator: true });
  const twice = lossGradients(two, apart, batch, z0, { generator: true });
  tf.tidy(() => {
    const compare = (a: tf.Variable, b: tf.Variable) => {
      const gap = difference(twice.gradients[b.name], once.gradients[a.name]);
      expect(gap.relative).toBeLessThan(1e-5);
    };
    g.forEach((variable, i) => compare(variable, two.generatorVariables[i]));
    d.forEach((variable, i) => compare(variable, two.criticVariables[i]));
  });
  one.dispose();
  two.dispose();
});
