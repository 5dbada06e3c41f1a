// Entries of every axis that this package does not have, added from outside.
import { Registry, type Entry } from '@tgan/core';
import { difference, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { unconstrained } from './constraints/none.js';
import { createGan, type Gan } from './gan.js';
import { lossGradients } from './gradients.js';
import {
  WganTrainer,
  type Constraint,
  type Objective,
  type Optimizer,
  type Schedule,
} from './index.js';
import type { RelativisticObjective } from './objectives/objective.js';
import * as registries from './registries.js';
import { tinyBatches, tinyGan, valuesOf, weightsOf } from './testing/tiny-models.js';

/** Relativistic average GAN (Jolicoeur-Martineau 2018) with the least squares loss. */
const relativistic: RelativisticObjective = {
  relativistic: true,
  criticLoss: (real, fake) =>
    real.sub(fake.mean()).sub(1).square().mean().add(fake.sub(real.mean()).add(1).square().mean()),
  generatorLoss: (fake, real) =>
    fake.sub(real.mean()).sub(1).square().mean().add(real.sub(fake.mean()).add(1).square().mean()),
};

/**
 * Networks without batch norm, whose scores bend smoothly, so that differences are exact enough.
 */
function smoothGan() {
  const init = (seed: number) =>
    tf.initializers.randomNormal({ stddev: 0.7, seed }) as ReturnType<typeof tf.initializers.zeros>;
  const layer = (inputs: number, units: number, seed: number) =>
    tf.sequential({
      layers: [
        tf.layers.dense({
          units: 4,
          inputShape: [inputs],
          activation: 'tanh',
          kernelInitializer: init(seed),
        }),
        tf.layers.dense({ units, kernelInitializer: init(seed + 1) }),
      ],
    });
  const [generator, critic] = [layer(2, 3, 1), layer(3, 1, 5)];
  const dispose = () => void [generator.dispose(), critic.dispose()];
  return { ...createGan({ generator, critic }), dispose };
}

describe('a relativistic objective', () => {
  it('has the losses’ gradients that differences give, for every weight of both networks', async () => {
    await expectNoLeaks(() => {
      const gan = smoothGan();
      const samples = tf.randomNormal([5, 3], 0, 1, 'float32', 3);
      const latents = tf.randomUniform([5, 2], -1, 1, 'float32', 4);
      const { gradients, real, fake } = lossGradients(gan, relativistic, { samples }, latents, {
        generator: true,
      });
      const scores = () => ({ real: gan.score(samples), fake: gan.score(gan.generate(latents)) });
      const losses = {
        critic: () => relativistic.criticLoss(scores().real, scores().fake),
        generator: () => relativistic.generatorLoss(scores().fake, scores().real),
      };
      const loss = (which: keyof typeof losses) => tf.tidy(() => losses[which]().dataSync()[0]);
      const step = 1e-2;
      for (const which of ['critic', 'generator'] as const) {
        for (const variable of gan[`${which}Variables`]) {
          const here = Float32Array.from(variable.dataSync());
          const at = (i: number, move: number) => {
            const moved = here.slice();
            moved[i] += move;
            tf.tidy(() => variable.assign(tf.tensor(moved, variable.shape)));
            return loss(which);
          };
          const numeric = here.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
          at(0, 0);
          const gap = difference(gradients[variable.name], numeric);
          // The critic's last bias moves all scores alike, and differences of scores not at all.
          const isMoot = which === 'critic' && variable.size === 1;
          if (isMoot) expect(Math.abs(numeric[0])).toBeLessThan(1e-3);
          else expect(gap.relative, variable.name).toBeLessThan(5e-3);
        }
      }
      tf.dispose([samples, latents, gradients, real, fake]);
      gan.dispose();
    });
  });

  it('trains both networks on the same scores, and leaks nothing', async () => {
    await expectNoLeaks(async () => {
      const gan = tinyGan({ noise: 0.3 });
      const seen: Float32Array[][] = [];
      const spied: RelativisticObjective = {
        ...relativistic,
        criticLoss: (real, fake) => (
          seen.push(read(fake, real)),
          relativistic.criticLoss(real, fake)
        ),
        generatorLoss: (fake, real) => (
          seen.push(read(fake, real)),
          relativistic.generatorLoss(fake, real)
        ),
      };
      const trainer = new WganTrainer(gan, { objective: spied, constraint: unconstrained });
      const before = [valuesOf(gan.generatorVariables), valuesOf(gan.criticVariables)];
      await trainer.step(tinyBatches(1));
      const { numTensors } = tf.memory();
      for (let i = 0; i < 3; i++) await trainer.step(tinyBatches(i));
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(valuesOf(gan.generatorVariables)).not.toEqual(before[0]);
      expect(valuesOf(gan.criticVariables)).not.toEqual(before[1]);
      expect(seen).toHaveLength(8);
      for (let i = 0; i < 8; i += 2) expect(seen[i]).toEqual(seen[i + 1]);
      trainer.dispose();
      gan.dispose();
    });
  });

  it('must be declared where the compiler does not see it', () => {
    const gan: Gan = smoothGan();
    const { criticLoss, generatorLoss } = relativistic;
    const undeclared = { criticLoss, generatorLoss } as unknown as Objective;
    expect(() => new WganTrainer(gan, { objective: undeclared })).toThrow(
      /generatorLoss takes the scores of real samples: declare relativistic: true/,
    );
  });
});

const read = (...tensors: tf.Tensor[]) => tensors.map((t) => Float32Array.from(t.dataSync()));

it('a zero-sum objective of one’s own needs one pass, with the gradients of two', () => {
  // The first GAN with its saturating generator loss: minimax, so zero-sum.
  const minimax: Objective = {
    criticLoss: (real, fake) => real.neg().softplus().mean().add(fake.softplus().mean()),
    generatorLoss: (fake) => fake.softplus().neg().mean(),
    zeroSum: true,
  };
  const gan = smoothGan();
  tf.tidy(() => {
    const samples = tf.randomNormal([5, 3], 0, 1, 'float32', 3);
    const latents = tf.randomUniform([5, 2], -1, 1, 'float32', 4);
    const [once, twice] = [minimax, { ...minimax, zeroSum: false }].map(
      (objective) =>
        lossGradients(gan, objective, { samples }, latents, { generator: true }).gradients,
    );
    expect(Object.keys(once)).toHaveLength(8);
    for (const [name, gradient] of Object.entries(once)) {
      expect(difference(gradient, twice[name]).relative, name).toBeLessThan(1e-5);
    }
  });
  gan.dispose();
});

describe('toy entries from outside', () => {
  const options = z.strictObject({ toyRate: z.number().default(2).describe('a toy number') });
  const entry = <Product, Context = void>(name: string, make: (rate: number) => Product) =>
    ({
      name,
      description: 'a toy',
      options,
      create: ({ toyRate }) => make(toyRate),
    }) satisfies Entry<Product, Context, typeof options>;

  const toys = {
    objectives: entry<Objective>('toy-objective', (rate) => ({
      criticLoss: (real, fake) => fake.mean().sub(real.mean()).mul(rate),
      generatorLoss: (fake) => fake.mul(-rate).mean(),
    })),
    constraints: entry<Constraint>('toy-constraint', (rate) => ({
      project: (critic) =>
        tf.tidy(() => critic.trainableWeights.forEach((w) => w.write(w.read().mul(1 / rate)))),
    })),
    optimizers: entry<Optimizer>('toy-optimizer', (rate) => ({
      accumulators: ['seen'],
      update: (weight, gradient, [seen], { learningRate }) => [
        weight.sub(gradient.mul(learningRate * rate)),
        seen.add(1),
      ],
    })),
    schedules: entry<Schedule, registries.ScheduleContext>(
      'toy-schedule',
      () => (step) => 1 / step,
    ),
  };

  it('join the registries and train', async () => {
    const [objectives, constraints, optimizers] = [
      new Registry<Objective>('objective', [...registries.objectives, toys.objectives]),
      new Registry<Constraint>('constraint', [...registries.constraints, toys.constraints]),
      new Registry<Optimizer>('optimizer', [...registries.optimizers, toys.optimizers]),
    ];
    const schedules = new Registry<Schedule, registries.ScheduleContext>('schedule', [
      ...registries.schedules,
      toys.schedules,
    ]);
    const gan = smoothGan();
    const trainer = new WganTrainer(gan, {
      objective: await objectives.create('toy-objective', { toyRate: 3 }),
      constraint: await constraints.create('toy-constraint', {}),
      optimizer: await optimizers.create('toy-optimizer', {}),
      schedule: await schedules.create('toy-schedule', {}, { steps: 10 }),
      learningRate: 0.1,
    });
    const before = weightsOf(gan);
    for (let step = 1; step <= 2; step++) {
      await trainer.step({ samples: tf.ones([4, 3]) });
      expect(trainer.learningRates(step)).toEqual({ generator: 0.1 / step, critic: 0.1 / step });
    }
    // The critic's last bias has no gradient, because it moves all scores alike.
    weightsOf(gan).forEach((weights, i) => {
      if (weights.length > 1) expect(weights).not.toEqual(before[i]);
    });
    const { arrays } = await trainer.state();
    const seen = [...arrays].filter(([name]) => name.startsWith('seen/'));
    expect(seen).toHaveLength(8);
    for (const [, { data }] of seen) expect(data.every((value) => value === 2)).toBe(true);
    trainer.dispose();
    gan.dispose();
  });
});
