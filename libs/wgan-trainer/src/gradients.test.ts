import { Random } from '@tgan/core';
import { redundantBiases } from '@tgan/gan-layers';
import { difference, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it, vi } from 'vitest';
import { lossGradients } from './gradients.js';
import { hinge } from './objectives/hinge.js';
import type { Objective } from './objectives/objective.js';
import { wasserstein } from './objectives/wasserstein.js';
import { tinyBatches, tinyGan, tinyVgan } from './testing/tiny-models.js';

describe('lossGradients', () => {
  it('makes and scores clips of a conditional model for the labels of the batch', async () => {
    const model = tinyGan({ classes: 3 });
    const batch = await tinyBatches(1, true)();
    const spies = [vi.spyOn(model, 'generate'), vi.spyOn(model, 'score')] as const;
    const z0 = model.latents(2, new Random(1));
    const { real, fake, gradients } = lossGradients(model, wasserstein, batch, z0, {
      generator: false,
    });
    const modes = spies.flatMap((spy) => spy.mock.calls.map(([, mode]) => mode));
    expect(modes).toHaveLength(3);
    for (const mode of modes) expect(mode).toEqual({ training: true, labels: batch.labels });
    tf.dispose([z0, batch.samples, real, fake, gradients]);
    batch.labels!.dispose();
    model.dispose();
  });

  const relativistic: Objective = {
    relativistic: true,
    criticLoss: (real, fake) => fake.sub(real).softplus().mean(),
    generatorLoss: (fake, real) => real.sub(fake).softplus().mean(),
  };

  it.each([
    ['wasserstein', wasserstein],
    ['hinge', hinge()],
    ['a relativistic objective', relativistic],
  ])('runs each network forward once on each kind of samples: %s', async (_, objective) => {
    const { samples } = await tinyBatches(1)();
    const model = tinyVgan();
    const z0 = model.latents(2, new Random(1));
    await expectNoLeaks(() => {
      const generate = vi.spyOn(model, 'generateWithPenalty');
      const score = vi.spyOn(model, 'score');
      const { real, fake, gradients } = lossGradients(model, objective, { samples }, z0, {
        generator: true,
      });
      expect(generate).toHaveBeenCalledTimes(1);
      // Generated samples first.
      expect(score.mock.calls.map(([scored]) => scored === samples)).toEqual([false, true]);
      expect(Object.keys(gradients)).toHaveLength(
        model.generatorVariables.length + model.criticVariables.length,
      );
      tf.dispose([real, fake, gradients]);
      vi.restoreAllMocks();
    });
    tf.dispose([samples, z0]);
    model.dispose();
  });

  it.each([
    ['wasserstein', wasserstein],
    ['hinge', hinge()],
  ])('adds the penalty of VGAN to what its generator descends only: %s', async (_, objective) => {
    const { samples } = await tinyBatches(1)();
    const gradientsAt = (maskPenalty: number) => {
      const model = tinyVgan(maskPenalty);
      const z0 = model.latents(2, new Random(1));
      const { generatorVariables: g, criticVariables: d } = model;
      const { gradients, real, fake } = lossGradients(model, objective, { samples }, z0, {
        generator: true,
      });
      const penalty = tf.variableGrads(
        () => model.generateWithPenalty(z0, { training: true }).penalty,
        g,
      ).grads;
      const result = {
        generator: g.map(({ name }) => gradients[name].clone()),
        critic: d.map(({ name }) => gradients[name].clone()),
        penalty: g.map(({ name }) => penalty[name]?.clone() ?? tf.zerosLike(gradients[name])),
      };
      tf.dispose([real, fake, z0]);
      model.dispose();
      return result;
    };
    tf.tidy(() => {
      const free = gradientsAt(0);
      const charged = gradientsAt(5);
      free.critic.forEach((gradient, i) => {
        expect(charged.critic[i].dataSync()).toEqual(gradient.dataSync());
      });
      let largest = 0;
      free.generator.forEach((gradient, i) => {
        largest = Math.max(largest, charged.penalty[i].abs().max().dataSync()[0]);
        const { relative } = difference(charged.generator[i], gradient.add(charged.penalty[i]));
        expect(relative).toBeLessThan(1e-4);
      });
      expect(largest).toBeGreaterThan(0.01);
    });
    samples.dispose();
  });

  it.each([
    ['wasserstein', wasserstein],
    ['hinge', hinge()],
    ['a relativistic objective', relativistic],
  ])('lets each network pay for labels that nobody can name: %s', async (_, objective) => {
    const batch = await tinyBatches(1, true)();
    const model = tinyGan({ classes: 3 });
    const z0 = model.latents(2, new Random(1));
    const mode = { training: true, labels: batch.labels };
    // Any function of samples that the critic has weights in.
    const penaltyOf = (samples: tf.Tensor5D) => model.score(samples, mode).square().mean();
    const gradientsOf = (gan: typeof model) =>
      lossGradients(gan, objective, batch, z0, { generator: true }).gradients;
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const free = gradientsOf(model);
        const scoreWithPenalty = (samples: tf.Tensor5D) => ({
          scores: model.score(samples, mode),
          penalty: penaltyOf(samples),
        });
        const charged = gradientsOf(Object.assign(model, { scoreWithPenalty }));
        const own = {
          ...tf.variableGrads(
            () => penaltyOf(model.generate(z0, mode)) as tf.Scalar,
            model.generatorVariables,
          ).grads,
          ...tf.variableGrads(() => penaltyOf(batch.samples) as tf.Scalar, model.criticVariables)
            .grads,
        };
        const noise = Object.values(model.networks).flatMap(redundantBiases);
        for (const { name } of noise) own[name] = tf.zerosLike(free[name]);
        for (const [name, gradient] of Object.entries(free)) {
          const expected = gradient.add(own[name]);
          const size = expected.abs().max().dataSync()[0];
          const error = charged[name].sub(expected).abs().max().dataSync()[0];
          expect(error, name).toBeLessThan(1e-4 * Math.max(size, 1e-3));
        }
        const paid = Object.values(own).map((gradient) => gradient.abs().max().dataSync()[0]);
        expect(Math.max(...paid)).toBeGreaterThan(0.01);
      }),
    );
    tf.dispose([batch.samples, batch.labels!, z0]);
    model.dispose();
  });
});
