import { registerSimdBackend } from '@tgan/simd-backend';
import { Random } from '@tgan/core';
import { difference, expectNoLeaks } from '@tgan/tensor-fixtures';
import type { VideoGanOptions } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { lossGradients, PenaltyError, penaltyGradients, withoutSideEffects } from '../gradients.js';
import type { Gan } from '../gan.js';
import { hinge } from '../objectives/hinge.js';
import { wasserstein } from '../objectives/wasserstein.js';
import { tinyBatches, tinyGan, weightsOf } from '../testing/tiny-models.js';
import { WganTrainer } from '../trainer.js';
import type { Constraint } from './constraint.js';
import { gradientPenalty } from './gradient-penalty.js';

const penalty = gradientPenalty().penalty!;

/** Two batches of seeded noise in place of real and generated clips. */
async function clipsFor({ classes }: Gan) {
  const [real, fake] = [await tinyBatches(1, true)(), await tinyBatches(2)()];
  return {
    real: real.samples,
    fake: fake.samples,
    mode: { training: true, labels: classes ? real.labels : undefined },
    dispose: () => tf.dispose([real.samples, real.labels!, fake.samples]),
  };
}

describe('gradientPenalty', () => {
  it('is lambda (|slope| - 1)^2: of a linear critic, from its weight alone', () => {
    tf.tidy(() => {
      const weight = tf.randomNormal([3 * 4 * 4 * 2, 1], 0, 0.2, 'float32', 3);
      const score = (clips: tf.Tensor) =>
        clips.reshape([clips.shape[0], -1]).matMul(weight) as tf.Tensor2D;
      const clips = tf.ones<tf.Rank.R5>([2, 3, 4, 4, 2]);
      const norm = Math.hypot(...weight.dataSync());
      const value = gradientPenalty(7).penalty!(score, clips, clips.neg(), new Random(1));
      expect(value.dataSync()[0]).toBeCloseTo(7 * (norm - 1) ** 2, 4);
    });
  });

  it('looks at a random place between the two clips, the same share for a whole clip', () => {
    tf.tidy(() => {
      const seen: tf.Tensor[] = [];
      const score = (clips: tf.Tensor) => {
        seen.push(tf.keep(clips.clone()));
        return clips.reshape([3, -1]).sum(1, true) as tf.Tensor2D;
      };
      const real = tf.ones<tf.Rank.R5>([3, 1, 2, 2, 1]);
      penalty(score, real, real.mul(0), new Random(1));
      const shares = [...new Random(1).uniform(3, 0, 1)];
      expect([...seen[0].dataSync()]).toEqual(shares.flatMap((share) => Array(4).fill(share)));
      tf.dispose(seen);
    });
  });

  /**
   * How far gradients are off along random ways, relatively, for each of the critic's variables
   * that has some.
   */
  async function gaps(options: VideoGanOptions, step: number): Promise<[string, number[]][]> {
    const model = tinyGan(options);
    const { dispose, ...clips } = await clipsFor(model);
    const before = weightsOf(model);
    const gradients = penaltyGradients(model, penalty, clips, new Random(5));
    expect(weightsOf(model)).toEqual(before);
    const random = new Random(7);
    const along = (variable: tf.Variable, way: tf.Tensor, distance: number) => {
      const here = variable.clone();
      variable.assign(variable.add(way.mul(distance)));
      const score = (x: tf.Tensor) => model.score(x as tf.Tensor5D, clips.mode);
      const value = penalty(score, clips.real, clips.fake, new Random(5));
      variable.assign(here);
      return value.dataSync()[0];
    };
    // The bias of the last layer moves all scores alike, that before a batch norm none.
    const learned = model.criticVariables.filter(({ name }) => !/conv[12].*bias/.test(name));
    const result = learned.map((variable): [string, number[]] => {
      const off = Array.from({ length: 7 }, () =>
        tf.tidy(() => {
          const way = tf.tensor(random.uniform(variable.size, -1, 1), variable.shape);
          const there = along(variable, way, step) - along(variable, way, -step);
          const gradient = gradients[variable.name];
          const gap = gradient.mul(way).sum().dataSync()[0] - there / (2 * step);
          return Math.abs(gap) / gradient.norm().dataSync()[0];
        }),
      );
      return [variable.name, off.sort((a, b) => a - b)];
    });
    tf.dispose(gradients);
    dispose();
    model.dispose();
    return result;
  }

  // Second derivatives of every layer of the critic: 3-D convolutions, batch norm, LeakyReLU,
  // labels.
  it.each([0, 3])('has the gradients that differences show, with %d labels', async (classes) => {
    // All but straight: where a LeakyReLU bends, the slope jumps, and differences show the jump.
    const straight = await gaps({ classes, leakyReluAlpha: 0.9999 }, 3e-3);
    expect(straight).toHaveLength(5);
    for (const [name, off] of straight) expect(off[6], name).toBeLessThan(1e-2);
    // Bent as it is, a few ways may meet a jump.
    for (const [name, off] of await gaps({ classes }, 2e-4)) {
      expect(off[2], name).toBeLessThan(2e-2);
    }
  });

  it('has them on simd, too', async () => {
    const before = tf.getBackend();
    await registerSimdBackend({ threads: 1 });
    await tf.setBackend('simd');
    const straight = await gaps({ leakyReluAlpha: 0.9999 }, 3e-3);
    for (const [name, off] of straight) expect(off[6], name).toBeLessThan(1e-2);
    await tf.setBackend(before);
  });

  it('is added to what the critic descends, and to nothing of the generator', async () => {
    const [plain, penalized] = [tinyGan(), tinyGan()];
    const batch = await tinyBatches(1)();
    const z0 = plain.latents(2, new Random(1));
    for (const objective of [wasserstein, hinge()]) {
      const without = lossGradients(plain, objective, batch, z0, { generator: true });
      const withIt = await expectNoLeaks(
        () =>
          lossGradients(penalized, objective, batch, z0, {
            generator: true,
            penalty: { of: penalty, random: new Random(5) },
          }),
        Object.keys(without.gradients).length + 2,
      );
      expect(weightsOf(penalized)).toEqual(weightsOf(plain));
      const clips = { real: batch.samples, fake: plain.generate(z0, { training: true }) };
      // That pass moved the running statistics of both generators.
      tf.dispose(penalized.generate(z0, { training: true }));
      const mode = { training: true };
      const of = penaltyGradients(plain, penalty, { ...clips, mode }, new Random(5));
      tf.tidy(() => {
        plain.generatorVariables.forEach((v, i) => {
          const other = penalized.generatorVariables[i];
          const gap = difference(withIt.gradients[other.name], without.gradients[v.name]);
          expect(gap.relative).toBeLessThan(1e-6);
        });
        let moved = 0;
        plain.criticVariables.forEach((v, i) => {
          const other = withIt.gradients[penalized.criticVariables[i].name];
          const sum = without.gradients[v.name].add(of[v.name] ?? 0);
          expect(difference(other, sum).relative).toBeLessThan(1e-5);
          if (difference(other, without.gradients[v.name]).relative > 0.01) moved++;
        });
        expect(moved).toBeGreaterThan(3);
      });
      const made = [without, withIt].flatMap(({ real, fake, gradients }) => [
        real,
        fake,
        gradients,
      ]);
      tf.dispose([...made, clips.fake, of]);
    }
    tf.dispose([batch.samples, z0]);
    plain.dispose();
    penalized.dispose();
  });
});

describe('training with a gradient penalty', () => {
  it('brings the slopes to 1, and keeps the number of tensors', async () => {
    await expectNoLeaks(async () => {
      const model = tinyGan();
      const trainer = new WganTrainer(model, {
        constraint: gradientPenalty(),
        learningRate: 1e-3,
        generatorLearningRate: 1e-6,
      });
      const { real, fake, mode, dispose } = await clipsFor(model);
      const score = (x: tf.Tensor) => model.score(x as tf.Tensor5D, mode);
      const measure = () =>
        withoutSideEffects(model.critic, () =>
          tf.tidy(() => penalty(score, real, fake, new Random(1)).dataSync()[0]),
        );
      const before = measure();
      const { numTensors } = tf.memory();
      for (let i = 0; i < 40; i++) {
        expect(await trainer.step(tinyBatches(i))).not.toHaveProperty('clipping');
        expect(tf.memory().numTensors).toBe(numTensors);
      }
      expect(before).toBeGreaterThan(5);
      expect(measure()).toBeLessThan(before / 5);
      dispose();
      trainer.dispose();
      model.dispose();
    });
  });
});

describe('a penalty that cannot be differentiated', () => {
  it('is refused before training begins, with a reason', () => {
    const model = tinyGan({ classes: 3 });
    const stuck: Constraint = {
      penalty: (score, real) => score(real).topk(1).values.sum() as tf.Scalar,
    };
    expect(() => new WganTrainer(model, { constraint: stuck })).toThrow(PenaltyError);
    expect(() => new WganTrainer(model, { constraint: stuck })).toThrow(
      /^the penalty cannot be differentiated on the backend "\w+": .*TopK/,
    );
    model.dispose();
  });
});
