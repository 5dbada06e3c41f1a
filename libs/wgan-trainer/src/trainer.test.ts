import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { singularValueClipping } from './constraints/svc.js';
import type { TrainerOptions } from './options.js';
import { TrainingError, WganTrainer } from './trainer.js';
import { tinyBatches, tinyGan, tinyModels, valuesOf, weightsOf } from './testing/tiny-models.js';

async function weightsAfter(steps: number, seed: number, options: TrainerOptions = {}) {
  const gan = tinyGan();
  const trainer = new WganTrainer(gan, { seed, learningRate: 1e-3, ...options });
  const nextBatch = tinyBatches(1);
  for (let i = 0; i < steps; i++) await trainer.step(nextBatch);
  const weights = weightsOf(gan);
  trainer.dispose();
  gan.dispose();
  return weights;
}

describe('WganTrainer', () => {
  it('keeps the number of tensors over 200 steps, and disposes of the batches', async () => {
    await expectNoLeaks(async () => {
      const gan = tinyGan();
      const trainer = new WganTrainer(gan);
      const nextBatch = tinyBatches(1);
      await trainer.step(nextBatch);
      const { numTensors, numBytes } = tf.memory();
      for (let step = 2; step <= 200; step++) {
        const result = await trainer.step(nextBatch);
        expect(result.step).toBe(step);
        expect(result.clipping === undefined).toBe(step % 5 !== 0);
        expect(tf.memory()).toMatchObject({ numTensors, numBytes });
      }
      trainer.dispose();
      gan.dispose();
    });
  });

  it('comes to the same bits from the same seed, and to others from another', async () => {
    const first = await weightsAfter(20, 7);
    expect(await weightsAfter(20, 7)).toEqual(first);
    expect(await weightsAfter(20, 8)).not.toEqual(first);
    expect(first.flatMap((weight) => [...weight]).every(Number.isFinite)).toBe(true);
  });

  it('asks for a batch each critic step, and moves the generator in the last alone', async () => {
    const gan = tinyGan();
    const trainer = new WganTrainer(gan, { criticSteps: 3 });
    const nextBatch = tinyBatches(1);
    const moments: { generator: Float32Array[]; critic: Float32Array[] }[] = [];
    const weights = () => ({
      generator: valuesOf(gan.generatorVariables),
      critic: valuesOf(gan.criticVariables),
    });
    await trainer.step(async () => {
      moments.push(weights());
      return nextBatch();
    });
    moments.push(weights());
    expect(moments).toHaveLength(3 + 1);
    for (const step of [1, 2, 3]) {
      expect(moments[step].critic).not.toEqual(moments[step - 1].critic);
    }
    expect(moments[1].generator).toEqual(moments[0].generator);
    expect(moments[2].generator).toEqual(moments[0].generator);
    expect(moments[3].generator).not.toEqual(moments[0].generator);
    expect(trainer.stepsDone).toBe(1);
    trainer.dispose();
    gan.dispose();
  });

  it('takes a batch as well as a function that returns one, to the same bits', async () => {
    await expectNoLeaks(async () => {
      const weightsAfter = async (push: boolean) => {
        const gan = tinyGan();
        const trainer = new WganTrainer(gan);
        const nextBatch = tinyBatches(1);
        for (let i = 0; i < 2; i++) await trainer.step(push ? await nextBatch() : nextBatch);
        const weights = weightsOf(gan);
        trainer.dispose();
        gan.dispose();
        return weights;
      };
      expect(await weightsAfter(true)).toEqual(await weightsAfter(false));
    });
  });

  it('asks for a function where a step takes several batches', async () => {
    const gan = tinyGan();
    const trainer = new WganTrainer(gan, { criticSteps: 2, accumulate: 3 });
    const batch = await tinyBatches(1)();
    await expect(trainer.step(batch)).rejects.toThrow(
      /a step takes 6 batches \(criticSteps x accumulate\): pass a function/,
    );
    expect(batch.samples.isDisposed).toBe(false);
    batch.samples.dispose();
    trainer.dispose();
    gan.dispose();
  });

  it.each([1, 2])(
    'stops at NaN in critic step %d, names the step and leaks nothing',
    async (at) => {
      const gan = tinyGan();
      const trainer = new WganTrainer(gan, { criticSteps: 2 });
      const good = tinyBatches(1);
      await trainer.step(good);
      let asked = 0;
      await expectNoLeaks(async () => {
        const failing = trainer.step(async () => {
          if (++asked !== at) return good();
          return { samples: tf.fill([2, 4, 16, 16, 1], NaN) as tf.Tensor5D };
        });
        await expect(failing).rejects.toThrow(TrainingError);
        await expect(failing).rejects.toThrow(/^step 2: the critic's scores are NaN for real/);
      });
      expect(asked).toBe(at);
      expect(trainer.stepsDone).toBe(1);
      trainer.dispose();
      gan.dispose();
    },
  );

  it.each(Object.entries(tinyModels))('trains %s', async (_, make) => {
    await expectNoLeaks(async () => {
      const model = make();
      const trainer = new WganTrainer(model, { constraint: singularValueClipping(1) });
      const before = [valuesOf(model.generatorVariables), valuesOf(model.criticVariables)];
      // Labels come with every batch; only the conditional model reads them.
      const { value, clipping } = await trainer.step(tinyBatches(1, true));
      expect(value).not.toBe(0);
      expect(clipping?.kernels).toHaveLength(3);
      expect(valuesOf(model.generatorVariables)).not.toEqual(before[0]);
      expect(valuesOf(model.criticVariables)).not.toEqual(before[1]);
      trainer.dispose();
      model.dispose();
    });
  });

  it('says that a conditional model lacks labels, and disposes of the batch', async () => {
    const model = tinyGan({ classes: 3 });
    const trainer = new WganTrainer(model);
    await expectNoLeaks(async () => {
      await expect(trainer.step(tinyBatches(1))).rejects.toThrow(/needs labels/);
    });
    trainer.dispose();
    model.dispose();
  });
});
