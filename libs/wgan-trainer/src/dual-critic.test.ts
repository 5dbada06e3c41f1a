import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { DualCriticGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { Objective } from './objectives/objective.js';
import { crossEntropy } from './objectives/normal.js';
import { wasserstein } from './objectives/wasserstein.js';
import { adam } from './optimizers/adam.js';
import { formatTrainerState, parseTrainerState } from './state.js';
import { WganTrainer } from './trainer.js';

const tiny = () =>
  new DualCriticGan({
    latentSize: 4,
    frameLatentSize: 2,
    imageSize: 16,
    channels: 1,
    temporalWidths: [6, 4],
    imageWidths: [8, 4],
    finalConvolution: false,
    criticWidths: [4, 4],
    frameCriticWidths: [4, 2],
    noise: 0.1,
  });

/** The clips of a step: the same whenever it is taken. */
const clipsOf = (step: number) => ({
  samples: tf.tensor5d(new Random(step).uniform(3 * 16 ** 3, -1, 1), [3, 16, 16, 16, 1]),
});
const pairing: Objective = {
  relativistic: true,
  criticLoss: (real, fake) => fake.sub(real).softplus().mean(),
  generatorLoss: (fake, real) => real.sub(fake).softplus().mean(),
};

/** Takes steps with a trainer of this objective, from a state if there is one. */
async function run(objective: Objective, steps: readonly number[], from?: Uint8Array) {
  const model = tiny();
  const options = { seed: 3, learningRate: 1e-3, objective, optimizer: adam({ beta1: 0.5 }) };
  const trainer = new WganTrainer(model, options);
  if (from) trainer.restore(parseTrainerState(from));
  const values: number[] = [];
  for (const step of steps) values.push((await trainer.step(clipsOf(step))).value);
  const state = formatTrainerState(await trainer.state());
  trainer.dispose();
  model.dispose();
  return { values, state };
}

describe('training with two critics', () => {
  it.each(Object.entries({ wasserstein, normal: crossEntropy, pairing }))(
    'goes on to the same bits, with the objective %s',
    async (_, objective) => {
      const whole = await run(objective, [1, 2, 3, 4]);
      const first = await run(objective, [1, 2]);
      const rest = await run(objective, [3, 4], first.state);
      expect([...first.values, ...rest.values]).toEqual(whole.values);
      expect(Buffer.compare(rest.state, whole.state)).toBe(0);
    },
  );

  it('leaves no tensors', async () => {
    await expectNoLeaks(() => run(wasserstein, [1]));
  });
});
