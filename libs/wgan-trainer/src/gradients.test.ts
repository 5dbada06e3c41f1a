import { Random } from '@tgan/core';
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
});
