import { assignWeights, chainerGanWeights } from '@tgan/chainer';
import { redundantBiases } from '@tgan/gan-layers';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectClose, loadReference, type ReferenceSnapshot } from '@tgan/tensor-fixtures';
import { VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lossGradients } from './gradients.js';
import { wasserstein } from './objectives/wasserstein.js';
import { rmsProp } from './optimizers/rmsprop.js';
import { ParameterGroup } from './parameter-group.js';
import type { TrainerState } from './state.js';
import { valuesOf, weightsOf } from './testing/tiny-models.js';
import { WganTrainer } from './trainer.js';

const reference = loadReference();
const { zDim, g0, g1, d, batch, steps } = reference.config;

function referenceGan(): VideoGan {
  const gan = new VideoGan({
    latentSize: zDim,
    channels: 1,
    temporalWidths: [...g0],
    imageWidths: [1, 2, 4, 8, 16].map((part) => g1 / part),
    criticWidths: [1, 2, 4, 8].map((times) => d * times),
  });
  Object.values(weights(gan, 'init')).forEach(assignWeights);
  return gan;
}

const weights = (gan: VideoGan, moment: ReferenceSnapshot) =>
  chainerGanWeights(gan, {
    fsgen: reference.snapshot(moment, 'fsgen'),
    vgen: reference.snapshot(moment, 'vgen'),
    vdis: reference.snapshot(moment, 'vdis'),
  });

const z0 = (step: number) => tf.tensor2d(reference.z0(step), [batch, zDim]);
const real = (step: number) => {
  const { data, shape } = reference.real(step);
  return { samples: tf.tensor5d(data, shape) };
};

/**
 * The gradients of both networks from one pass, to 2e-5. Those of biases right before a batch norm
 * are 0, of which the original code computes rounding noise.
 */
function checkGradients(): void {
  const gan = referenceGan();
  tf.tidy(() => {
    const { gradients } = lossGradients(gan, wasserstein, real(0), z0(0), { generator: true });
    // The snapshot holds no gradients of the running statistics: any value stands in for them.
    const descent = (network: 'fsgen' | 'vgen' | 'vdis') => {
      const stored = reference.snapshot('step1/descent', network);
      return new Map([...reference.snapshot('init', network), ...stored]);
    };
    const pairs = chainerGanWeights(gan, {
      fsgen: descent('fsgen'),
      vgen: descent('vgen'),
      vdis: descent('vdis'),
    });
    const redundant = new Set(
      Object.values(gan.networks).flatMap((network) => redundantBiases(network).map((v) => v.name)),
    );
    let compared = 0;
    for (const [network, list] of Object.entries(pairs)) {
      for (const pair of list) {
        if (!pair.variable.trainable) continue;
        if (redundant.has(pair.variable.name)) {
          const gradient = gradients[pair.variable.name].dataSync();
          expect(
            gradient.every((value) => value === 0),
            `${network}/${pair.source}`,
          ).toBe(true);
          continue;
        }
        expectClose(gradients[pair.variable.name], pair.value, 2e-5, `${network}/${pair.source}`);
        compared++;
      }
    }
    expect(compared).toBe(14 + 20 + 10);
    expect(redundant.size).toBe(4 + 3);
  });
  gan.dispose();
}

/** What a trainer had before each of the five steps. */
type Starts = readonly TrainerState[];

/**
 * Five steps: the values of V, running statistics, and the clipping at the fifth. Returns all
 * numbers they came to.
 *
 * @param starts - each step begins with one of these. RMSProp makes a whole step of the sign of a
 * gradient that is all but zero, and rounding may turn that sign: backends that begin with the
 * same weights do not stay together.
 */
async function checkSteps(starts?: Starts): Promise<{ numbers: Float32Array[]; starts: Starts }> {
  const gan = referenceGan();
  const trainer = new WganTrainer(gan);
  let step = 0;
  const came: number[] = [];
  const states: TrainerState[] = [];
  vi.spyOn(gan, 'latents').mockImplementation(() => z0(step));

  const values = reference.array('values').data;
  for (; step < steps; step++) {
    if (starts) trainer.restore(starts[step]);
    else states.push(await trainer.state());
    const { value, clipping } = await trainer.step(async () => real(step));
    came.push(value);
    expect(Math.abs(value - values[step]), `V at step ${step + 1}`).toBeLessThan(1e-5);
    expect(clipping === undefined).toBe(step !== 4);
    if (step === 0) {
      tf.tidy(() => {
        for (const [network, list] of Object.entries(weights(gan, 'step1/after'))) {
          for (const pair of list) {
            if (!pair.source.includes('avg_')) continue;
            expectClose(pair.variable.read(), pair.value, 2e-5, `${network}/${pair.source}`);
          }
        }
      });
    }
  }
  tf.tidy(() => {
    for (const { variable, source, value } of weights(gan, 'final').vdis) {
      if (!/\/(W|gamma)$/.test(source)) continue;
      // Where rounding turned the sign of a gradient, the weight is off by a step. On cpu none is.
      const gap = variable.read().sub(value).norm().div(value.norm()).dataSync()[0];
      expect(gap, source).toBeLessThan(1e-3);
      if (tf.getBackend() === 'cpu') expectClose(variable.read(), value, 1e-5, source);
    }
  });
  const numbers = [
    Float32Array.from(came),
    ...weightsOf(gan),
    ...valuesOf([...trainer.generator.accumulators.values()].flat()),
    ...valuesOf([...trainer.critic.accumulators.values()].flat()),
  ];
  trainer.dispose();
  gan.dispose();
  return { numbers, starts: states };
}

describe('the first RMSProp step of the reference', () => {
  it('leads from its weights and gradients to its weights', () => {
    for (const network of ['fsgen', 'vgen', 'vdis'] as const) {
      for (const [name, { data }] of reference.snapshot('step1/descent', network)) {
        tf.tidy(() => {
          const at = (moment: string) =>
            reference.array(`${moment}/${network}/${name}`).data as Float32Array;
          const weight = tf.variable(tf.tensor1d(at('init')));
          const group = new ParameterGroup([weight], rmsProp());
          group.step({ [weight.name]: tf.tensor1d(data as Float32Array) }, reference.config.lr);
          expectClose(weight, at('step1/after'), 1e-6, `${network}/${name}`);
          group.dispose();
          weight.dispose();
        });
      }
    }
  });
});

/** Those of the cpu, which the other backends begin with. */
let starts: Starts;

describe('the reference on cpu', () => {
  it('has the gradients of its first step', checkGradients);
  it('has its five steps', async () => void ({ starts } = await checkSteps()));
});

describe('the reference on simd', () => {
  const runs: Float32Array[][] = [];

  describe.each([1, 2, 4])('with %d threads', (threads) => {
    beforeAll(async () => {
      expect((await registerSimdBackend({ threads })).threads).toBe(threads);
      await tf.setBackend('simd');
    });
    afterAll(async () => {
      await tf.setBackend('cpu');
      tf.removeBackend('simd');
    });

    it('has the gradients of its first step', checkGradients);
    it('has its five steps, each from where the cpu began it', async () => {
      for (let run = 0; run < 2; run++) runs.push((await checkSteps(starts)).numbers);
    });
  });

  it('comes to the same bits with any number of threads, run after run', () => {
    expect(runs).toHaveLength(6);
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
  });
});
