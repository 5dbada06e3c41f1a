import { Random, type Communicator } from '@tgan/core';
import { expectClose, expectNoLeaks, inThreads } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Ranks } from './ranks.js';
import { tinyGan, valuesOf } from './testing/tiny-models.js';
import trainPart, { type Trained, type Training } from './testing/train-part.js';
import { WganTrainer } from './trainer.js';
import { gradientPenalty } from './constraints/gradient-penalty.js';

const program = new URL('./testing/train-part.ts', import.meta.url);
const together = (training: Training) =>
  inThreads<Trained>(training.counts.length, program, training);

/** All ranks have the same bits, and those are what one process comes to. */
async function expectAsOne(training: Training): Promise<void> {
  const [alone, ranks] = [await trainPart(undefined, training), await together(training)];
  for (const rank of ranks) expect(rank).toEqual(ranks[0]);
  const [{ metrics, weights, error }] = ranks;
  expect(error).toBeUndefined();
  weights!.forEach((values, i) => expectClose(values, alone.weights![i], 1e-5, `weight ${i}`));
  metrics!.forEach(({ real, fake, clipping }, i) => {
    const expected = alone.metrics![i];
    expect(real).toBeCloseTo(expected.real, 5);
    expect(fake).toBeCloseTo(expected.fake, 5);
    const names = (report = clipping) => [
      report?.kernels.map(({ name }) => name),
      report?.gammas,
      report?.skipped,
    ];
    expect(names()).toEqual(names(expected.clipping));
    clipping?.kernels.forEach(({ before, spectrum }, k) => {
      expect(before).toBeCloseTo(expected.clipping!.kernels[k].before, 4);
      expect(spectrum).toHaveLength(expected.clipping!.kernels[k].spectrum.length);
    });
  });
}

describe('ranks that train together', () => {
  it('take the steps of one process, and clip together', () =>
    expectAsOne({ model: 'tgan', counts: [1, 2], steps: 2 }));

  it('do so with several batches a step, an average and critic steps', () =>
    expectAsOne({
      ...{ model: 'tgan', counts: [2, 2, 1], steps: 1 },
      options: { accumulate: 2, criticSteps: 2, averageDecay: 0.9 },
    }));

  it('do so with two critics and the frames that these see', () =>
    expectAsOne({ model: 'dual', counts: [1, 3], steps: 2 }));

  it('have equal weights and statistics also where batch norm is local', async () => {
    const training: Training = {
      ...{ model: 'tgan', counts: [2, 2], steps: 2, penalty: true },
      options: { syncBatchNorm: false },
    };
    const [first, second] = await together(training);
    expect(first.error).toBeUndefined();
    expect(second).toEqual(first);
  });

  it('refuse a penalty where batch norm is not local, and stop together', async () => {
    const [first, second] = await together({
      ...{ model: 'tgan', counts: [2, 2], steps: 1, penalty: true },
    });
    expect(first.error).toMatch(/^PenaltyError: .*--sync-batch-norm false/);
    expect(second).toEqual(first);

    const broken = await together({ model: 'tgan', counts: [2, 2], steps: 1, broken: 1 });
    expect(broken[0].error).toMatch(/^TrainingError: step 1: .*NaN/);
    expect(broken[1]).toEqual(broken[0]);
  });
});

/** The communicator of a single process that counts its calls. */
function alone(): Communicator & { readonly sums: number[] } {
  const sums: number[] = [];
  return {
    ...{ rank: 0, size: 1, deterministic: true, traffic: { bytes: 0, seconds: 0 }, sums },
    allReduce: (values) => {
      sums.push(values.length);
      return { wait() {} };
    },
    broadcast: (value) => value,
    allGather: (value) => [value],
  };
}

describe('Ranks', () => {
  it('adds gradients up in buckets of whole tensors, and leaves none of the old', async () => {
    const gan = tinyGan();
    const communicator = alone();
    const ranks = new Ranks(communicator, gan, true);
    await expectNoLeaks(() => {
      const sizes = [2 ** 20 - 5, 5, 1, 2 ** 21, 3];
      const gradients: tf.NamedTensorMap = Object.fromEntries(
        sizes.map((size, i) => [`v${i}`, tf.tidy(() => tf.range(0, size).reshape([size, 1]))]),
      );
      const given = { ...gradients };
      ranks.sumGradients(gradients);
      expect(communicator.sums).toEqual([2 ** 20, 1, 2 ** 21, 3]);
      sizes.forEach((size, i) => {
        expect(given[`v${i}`].isDisposed).toBe(true);
        expect(gradients[`v${i}`].shape).toEqual([size, 1]);
        expect(gradients[`v${i}`].dataSync()[size - 1]).toBe(size - 1);
      });
      tf.dispose(gradients);
    });
    gan.dispose();
  });

  it('of one process changes nothing', async () => {
    const train = async (communicator?: Communicator) => {
      const gan = tinyGan({ noise: 0.2 });
      const trainer = new WganTrainer(gan, { seed: 4, communicator });
      const random = new Random(2);
      const samples = tf.tensor5d(random.uniform(2 * 4 * 256, -1, 1), [2, 4, 16, 16, 1]);
      await trainer.step({ samples });
      const values = valuesOf([...gan.generatorVariables, ...gan.criticVariables]);
      trainer.dispose();
      gan.dispose();
      return values;
    };
    expect(await train(alone())).toEqual(await train());
  });

  it('gives penalties random numbers that no two ranks share', () => {
    const gan = tinyGan();
    const numbers = [0, 1].map((rank) => {
      const ranks = new Ranks({ ...alone(), rank, size: 2 }, gan, false);
      return ranks.ownRandom(new Random(6)).uniform(3, 0, 1);
    });
    expect(numbers[0]).not.toEqual(numbers[1]);
    const trainer = () =>
      new WganTrainer(gan, { constraint: gradientPenalty(), communicator: alone() });
    expect(trainer).not.toThrow(); // one process has its own statistics
    gan.dispose();
  });
});
