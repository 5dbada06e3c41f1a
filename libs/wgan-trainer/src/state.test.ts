import { expectNoLeaks } from '@tgan/tensor-fixtures';
import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { formatSafetensors, SafetensorsError } from './safetensors.js';
import {
  formatTrainerState,
  parseTrainerState,
  TrainerStateError,
  type TrainerState,
} from './state.js';
import { tinyBatches, tinyGan, tinyModels, weightsOf } from './testing/tiny-models.js';
import { WganTrainer } from './trainer.js';

const models = { ...tinyModels, 'tgan with noise': () => tinyGan({ noise: 0.3 }) };
const options = { seed: 7, learningRate: 1e-3, criticSteps: 2, clipEvery: 3 };

/** Trains a model for some steps and disposes of both. */
async function training<T>(
  model: VideoModel,
  work: (trainer: WganTrainer) => Promise<T>,
): Promise<T> {
  const trainer = new WganTrainer(model, options);
  try {
    return await work(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

describe('the state of a trainer', () => {
  it.each(Object.entries(models))(
    'takes %s from 5 steps to the bits of 10 uninterrupted ones',
    async (_, make) => {
      await expectNoLeaks(async () => {
        const nextBatch = tinyBatches(1, true);
        const whole = await training(make(), async (trainer) => {
          const values: number[] = [];
          const uninterrupted = tinyBatches(1, true);
          for (let i = 0; i < 10; i++) values.push((await trainer.step(uninterrupted)).value);
          return { values, weights: weightsOf(trainer.model), state: await trainer.state() };
        });
        const bytes = await training(make(), async (trainer) => {
          for (let i = 0; i < 5; i++) await trainer.step(nextBatch);
          return formatTrainerState(await trainer.state());
        });
        // A trainer of another seed that has moved already: all comes from the state.
        await training(make(), async (trainer) => {
          const stranger = new WganTrainer(trainer.model, { ...options, seed: 99 });
          await stranger.step(tinyBatches(3, true));
          stranger.restore(parseTrainerState(bytes));
          expect(stranger.stepsDone).toBe(5);
          for (let i = 5; i < 10; i++) {
            const { step, value } = await stranger.step(nextBatch);
            expect(step).toBe(i + 1);
            expect(value).toBe(whole.values[i]);
          }
          expect(weightsOf(trainer.model)).toEqual(whole.weights);
          expect(await stranger.state()).toEqual(whole.state);
          stranger.dispose();
        });
      });
    },
  );

  it('can be had before the first step, and put back later', async () => {
    await training(tinyGan(), async (trainer) => {
      const state = await trainer.state();
      const before = [...state.arrays.keys()];
      expect(before.some((name) => name.startsWith('mean-square/'))).toBe(false);
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
        /conv0\/kernel has values that are no n/,
      ],
      [
        edited((a) => a.set('x', { shape: [], data: new Float32Array(1) })),
        /more than the model: x/,
      ],
      [{ ...state, progress: { ...progress, steps: -1 } }, /the state's steps/],
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

  it('is not read out of a file that has none', () => {
    for (const metadata of [{}, { progress: '{' }] as Record<string, string>[]) {
      const bytes = formatSafetensors({ arrays: new Map(), metadata });
      expect(() => parseTrainerState(bytes)).toThrow(SafetensorsError);
    }
  });
});
