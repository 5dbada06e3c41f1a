import { assignWeights, type ChainerWeight } from '@tgan/gan-layers';
import { expectClose, loadReference, type ReferenceSnapshot } from '@tgan/tensor-fixtures';
import { chainerVideoGanWeights, VideoGan } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { RmsProp } from './rmsprop.js';
import { WganTrainer } from './trainer.js';
import { wassersteinValue } from './wasserstein.js';

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
  chainerVideoGanWeights(gan, {
    fsgen: reference.snapshot(moment, 'fsgen'),
    vgen: reference.snapshot(moment, 'vgen'),
    vdis: reference.snapshot(moment, 'vdis'),
  });

const z0 = (step: number) => tf.tensor2d(reference.z0(step), [batch, zDim]);
const real = (step: number) => {
  const { data, shape } = reference.real(step);
  return { clips: tf.tensor5d(data, shape) };
};

/** A bias right before a batch norm has no gradient but rounding noise. */
const isMoot = (network: string, { source }: ChainerWeight) =>
  source.endsWith('/b') &&
  (network === 'fsgen' ? source !== 'dc4/b' : network === 'vdis' && /^c[123]/.test(source));

describe('the first step of the reference', () => {
  const gan = referenceGan();
  afterAll(() => gan.dispose());

  it('has the gradients of both players from one pass, to 2e-5', () => {
    tf.tidy(() => {
      const { gradients } = wassersteinValue(gan, real(0), z0(0), [
        ...gan.generatorVariables,
        ...gan.criticVariables,
      ]);
      // The snapshot holds no gradients of the running statistics: any value stands in for them.
      const descent = (network: 'fsgen' | 'vgen' | 'vdis') => {
        const stored = reference.snapshot('step1/descent', network);
        return new Map([...reference.snapshot('init', network), ...stored]);
      };
      const pairs = chainerVideoGanWeights(gan, {
        fsgen: descent('fsgen'),
        vgen: descent('vgen'),
        vdis: descent('vdis'),
      });
      let compared = 0;
      for (const [network, list] of Object.entries(pairs)) {
        for (const pair of list) {
          if (!pair.variable.trainable || isMoot(network, pair)) continue;
          const ours = gradients[pair.variable.name];
          const descended = network === 'vdis' ? ours.neg() : ours;
          expectClose(descended, pair.value, 2e-5, `${network}/${pair.source}`);
          compared++;
        }
      }
      expect(compared).toBe(14 + 20 + 10);
    });
  });
});

describe('the first RMSProp step of the reference', () => {
  it('leads from its weights and gradients to its weights', () => {
    const optimiser = new RmsProp({ learningRate: reference.config.lr });
    for (const network of ['fsgen', 'vgen', 'vdis'] as const) {
      for (const [name, { data }] of reference.snapshot('step1/descent', network)) {
        tf.tidy(() => {
          const at = (moment: string) =>
            reference.array(`${moment}/${network}/${name}`).data as Float32Array;
          const weight = tf.variable(tf.tensor1d(at('init')));
          optimiser.step([weight], { [weight.name]: tf.tensor1d(data as Float32Array) });
          expectClose(weight, at('step1/after'), 1e-6, `${network}/${name}`);
          weight.dispose();
        });
      }
    }
    optimiser.dispose();
  });
});

describe('five steps of the reference', () => {
  it('have its values of V, its running statistics and its clipping at the fifth', async () => {
    const gan = referenceGan();
    const trainer = new WganTrainer(gan);
    let step = 0;
    vi.spyOn(gan, 'latents').mockImplementation(() => z0(step));

    const values = reference.array('values').data;
    const allowed = [1e-5, 1e-5, 1e-4, 1e-3, 5e-3];
    for (; step < steps; step++) {
      const { value, clipping } = await trainer.step(async () => real(step));
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
        if (/\/(W|gamma)$/.test(source)) expectClose(variable.read(), value, 5e-3, source);
      }
    });
    trainer.dispose();
    gan.dispose();
  });
});
