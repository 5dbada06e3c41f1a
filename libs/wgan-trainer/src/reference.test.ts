import { assignWeights, chainerGanWeights, type ChainerWeight } from '@tgan/chainer';
import { registerSimdBackend } from '@tgan/simd-backend';
import { expectClose, loadReference, type ReferenceSnapshot } from '@tgan/tensor-fixtures';
import { VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lossGradients } from './gradients.js';
import { wasserstein } from './objectives/wasserstein.js';
import { rmsProp } from './optimizers/rmsprop.js';
import { ParameterGroup } from './parameter-group.js';
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

/** A bias right before a batch norm has no gradient but rounding noise. */
const isMoot = (network: string, { source }: ChainerWeight) =>
  source.endsWith('/b') &&
  (network === 'fsgen' ? source !== 'dc4/b' : network === 'vdis' && /^c[123]/.test(source));

/** The gradients of both networks from one pass, to 2e-5. */
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
    let compared = 0;
    for (const [network, list] of Object.entries(pairs)) {
      for (const pair of list) {
        if (!pair.variable.trainable || isMoot(network, pair)) continue;
        expectClose(gradients[pair.variable.name], pair.value, 2e-5, `${network}/${pair.source}`);
        compared++;
      }
    }
    expect(compared).toBe(14 + 20 + 10);
  });
  gan.dispose();
}

/**
 * Five steps: the values of V, running statistics, and the clipping at the fifth. Returns all
 * numbers they came to.
 */
async function checkSteps(): Promise<Float32Array[]> {
  const gan = referenceGan();
  const trainer = new WganTrainer(gan);
  let step = 0;
  const came: number[] = [];
  vi.spyOn(gan, 'latents').mockImplementation(() => z0(step));

  const values = reference.array('values').data;
  const allowed = [1e-5, 1e-5, 1e-4, 1e-3, 5e-3];
  for (; step < steps; step++) {
    const { value, clipping } = await trainer.step(async () => real(step));
    came.push(value);
    expect(Math.abs(value - values[step]), `V at step ${step + 1}`).toBeLessThan(allowed[step]);
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
      // RMSProp makes a whole step of the sign of a gradient that is all but zero, and rounding may
      // turn that sign: a few weights in ten thousand are then off by a step. On cpu none is.
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
  return numbers;
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

describe('the reference on cpu', () => {
  it('has the gradients of its first step', checkGradients);
  it('has its five steps', async () => void (await checkSteps()));
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
    it('has its five steps', async () => void runs.push(await checkSteps(), await checkSteps()));
  });

  it('comes to the same bits with any number of threads, run after run', () => {
    expect(runs).toHaveLength(6);
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
  });
});
