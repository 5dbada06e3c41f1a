import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { gradientPenalty } from './constraints/gradient-penalty.js';
import { operatorNormClipping } from './constraints/operator-norm.js';
import { singularValueClipping } from './constraints/svc.js';
import { createGan } from './gan.js';
import { hinge } from './objectives/hinge.js';
import { adam } from './optimizers/adam.js';
import { formatSafetensors, SafetensorsError } from './safetensors.js';
import { linearDecay } from './schedules/linear-decay.js';
import { warmUp } from './schedules/schedule.js';
import {
  formatTrainerState,
  parseTrainerState,
  TrainerStateError,
  type TrainerState,
} from './state.js';
import {
  tinyBatches,
  tinyGan,
  tinyModels,
  weightsOf,
  type TinyModel,
} from './testing/tiny-models.js';
import { WganTrainer, type WganTrainerOptions } from './trainer.js';

const models = { ...tinyModels, 'tgan with noise': () => tinyGan({ noise: 0.3 }) };
const options: WganTrainerOptions = {
  seed: 7,
  learningRate: 1e-3,
  criticSteps: 2,
  constraint: singularValueClipping(3),
};

/** Trains a model for some steps and disposes of both. */
async function training<T>(
  model: TinyModel,
  work: (trainer: WganTrainer) => Promise<T>,
  more: WganTrainerOptions = {},
): Promise<T> {
  const trainer = new WganTrainer(model, { ...options, ...more });
  try {
    return await work(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** What a run depends on beside its model, from the paper's to everything at once. */
const ways: Record<string, WganTrainerOptions> = {
  'the paper': {},
  'adam, a schedule and two rates': {
    optimizer: adam({ beta1: 0.5 }),
    schedule: warmUp(3, linearDecay(10)),
    generatorLearningRate: 2e-3,
  },
  'an average of the generator': { averageDecay: 0.9 },
  'a gradient penalty': { constraint: gradientPenalty() },
  'operator norm clipping': { constraint: operatorNormClipping(2) },
};

describe('the state of a trainer', () => {
  it.each([
    ...Object.entries(models).map(([name, make]) => [name, 'the paper', make] as const),
    ...Object.keys(ways)
      .slice(1)
      .map((way) => ['tgan', way, () => tinyGan()] as const),
  ])('takes %s (%s) from 5 steps to the bits of 10 uninterrupted ones', async (_, way, make) => {
    const more = ways[way];
    await expectNoLeaks(async () => {
      const nextBatch = tinyBatches(1, true);
      const whole = await training(
        make(),
        async (trainer) => {
          const values: number[] = [];
          const uninterrupted = tinyBatches(1, true);
          for (let i = 0; i < 10; i++) values.push((await trainer.step(uninterrupted)).value);
          return { values, weights: weightsOf(trainer.model), state: await trainer.state() };
        },
        more,
      );
      const bytes = await training(
        make(),
        async (trainer) => {
          for (let i = 0; i < 5; i++) await trainer.step(nextBatch);
          return formatTrainerState(await trainer.state());
        },
        more,
      );
      // A trainer of another seed that has moved already: all comes from the state.
      await training(
        make(),
        async (stranger) => {
          await stranger.step(tinyBatches(3, true));
          stranger.restore(parseTrainerState(bytes));
          expect(stranger.stepsDone).toBe(5);
          for (let i = 5; i < 10; i++) {
            const { step, value } = await stranger.step(nextBatch);
            expect(step).toBe(i + 1);
            expect(value).toBe(whole.values[i]);
          }
          expect(weightsOf(stranger.model)).toEqual(whole.weights);
          expect(await stranger.state()).toEqual(whole.state);
        },
        { ...more, seed: 99 },
      );
    });
  });

  it('fits a GAN of layers without names that is made anew', async () => {
    const make = () => {
      const { dense, leakyReLU } = tf.layers;
      const start = (seed: number) => ({ kernelInitializer: tf.initializers.heNormal({ seed }) });
      const generator = tf.sequential({
        layers: [
          dense({ units: 4, inputShape: [3], ...start(1) }),
          dense({ units: 2, ...start(2) }),
        ],
      });
      const features = tf.sequential({
        layers: [dense({ units: 5, inputShape: [2], ...start(3) }), leakyReLU()],
      });
      const critic = tf.sequential({ layers: [features, dense({ units: 1, ...start(4) })] });
      const gan = createGan({ generator, critic });
      const dispose = () => [generator, critic].forEach((model) => model.dispose());
      return { ...gan, dispose } as unknown as TinyModel;
    };
    const batch = () => ({ samples: tf.ones([2, 2]) as tf.Tensor as tf.Tensor5D });
    const { bytes, later } = await training(make(), async (trainer) => {
      for (let i = 0; i < 3; i++) await trainer.step(batch);
      const bytes = formatTrainerState(await trainer.state());
      return { bytes, later: await trainer.step(batch) };
    });
    expect([...parseTrainerState(bytes).arrays.keys()]).toContain(
      'weight/critic/dense_Dense2/bias',
    );
    await training(make(), async (trainer) => {
      trainer.restore(parseTrainerState(bytes));
      expect(await trainer.step(batch)).toEqual(later);
    });
  });

  it('can be had before the first step, and put back later', async () => {
    await training(tinyGan(), async (trainer) => {
      const state = await trainer.state();
      expect(state.progress).toMatchObject({ steps: 0, updates: { generator: 0, critic: 0 } });
      const first = await trainer.step(tinyBatches(1));
      trainer.restore(state);
      expect(await trainer.step(tinyBatches(1))).toEqual(first);
    });
  });

  it('does not change as training goes on, nor training with it', async () => {
    await training(tinyGan(), async (trainer) => {
      await trainer.step(tinyBatches(1));
      const state = await trainer.state();
      const copy = structuredClone(state);
      await trainer.step(tinyBatches(2));
      expect(state).toEqual(copy);
      trainer.restore(state);
      for (const { data } of state.arrays.values()) data.fill(0);
      expect(await trainer.state()).toEqual(copy);
    });
  });

  it('that is damaged or of another model is refused, and nothing changes', async () => {
    const state = await training(tinyGan({ noise: 0.3 }), async (trainer) => {
      await trainer.step(tinyBatches(1));
      return trainer.state();
    });
    const { progress } = state;
    const edited = (
      edit: (arrays: Map<string, { shape: number[]; data: Float32Array }>) => void,
    ) => {
      const arrays = new Map(structuredClone(state.arrays)) as never;
      edit(arrays);
      return { progress, arrays };
    };
    const kernel = 'weight/critic/conv0/kernel';
    const refused: [TrainerState, RegExp][] = [
      [edited((a) => a.delete(kernel)), /the state has no weight\/critic\/conv0\/kernel/],
      [edited((a) => a.delete('mean-square/critic/conv0/bias')), /no mean-square\/critic\/conv0/],
      [
        edited((a) => a.set(kernel, { shape: [1], data: new Float32Array(1) })),
        /is \[1\] in the s/,
      ],
      [
        edited((a) => a.get(kernel)!.data.fill(NaN, 3, 4)),
        /conv0\/kernel contains values that are not finite/,
      ],
      [
        edited((a) => a.set('x', { shape: [], data: new Float32Array(1) })),
        /more than the trainer: x/,
      ],
      [{ ...state, progress: { ...progress, steps: -1 } }, /the state's steps/],
      [
        { ...state, progress: { ...progress, updates: { critic: 1 } as never } },
        /updates.generator/,
      ],
      [{ ...state, progress: { ...progress, latents: [1, 2, 3] } }, /the state's latents/],
      [
        { ...state, progress: { ...progress, noise: {} } },
        /critic has 2 noise layers, the state has 0/,
      ],
      [{ ...state, progress: null as never }, /the state's progress/],
    ];
    await training(tinyGan({ noise: 0.3 }), async (trainer) => {
      await trainer.step(tinyBatches(5));
      const before = await trainer.state();
      const { numTensors } = tf.memory();
      for (const [bad, message] of refused) {
        expect(() => trainer.restore(bad)).toThrow(TrainerStateError);
        expect(() => trainer.restore(bad)).toThrow(message);
      }
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(await trainer.state()).toEqual(before);
    });
  });

  it('of a version whose Wasserstein critic ascended gets the sign of Adam’s means right', async () => {
    const more: WganTrainerOptions = { optimizer: adam(), constraint: singularValueClipping(3) };
    const state = await training(
      tinyGan(),
      async (trainer) => {
        await trainer.step(tinyBatches(1));
        return trainer.state();
      },
      more,
    );
    const isCriticMean = (name: string) => name.startsWith('mean/critic/');
    const arrays = new Map(
      [...state.arrays].map(([name, { shape, data }]) => [
        name,
        { shape, data: isCriticMean(name) ? data.map((value) => -value) : data },
      ]),
    );
    const { version, ...progress } = state.progress;
    expect(version).toBe(2);
    expect([...arrays.keys()].filter(isCriticMean).length).toBeGreaterThan(4);
    const restored = (options: WganTrainerOptions) =>
      training(
        tinyGan(),
        async (trainer) => {
          trainer.restore({ progress, arrays });
          return trainer.state();
        },
        { ...more, ...options },
      );
    expect(await restored({})).toEqual(state);
    // Objectives that are not zero-sum, and critics with a penalty, descended already.
    expect((await restored({ objective: hinge() })).arrays).toEqual(arrays);
    expect((await restored({ constraint: gradientPenalty() })).arrays).toEqual(arrays);
  });

  it('of another optimizer is refused', async () => {
    const state = await training(tinyGan(), (trainer) => trainer.state());
    const restored = training(tinyGan(), async (trainer) => trainer.restore(state), {
      optimizer: adam(),
    });
    await expect(restored).rejects.toThrow(/the state has no mean\/temporal-generator/);
  });

  it('is not read out of a file that has none', () => {
    for (const metadata of [{}, { progress: '{' }] as Record<string, string>[]) {
      const bytes = formatSafetensors({ arrays: new Map(), metadata });
      expect(() => parseTrainerState(bytes)).toThrow(SafetensorsError);
    }
  });
});
