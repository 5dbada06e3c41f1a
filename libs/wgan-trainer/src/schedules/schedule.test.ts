import { describe, expect, it } from 'vitest';
import { unconstrained } from '../constraints/none.js';
import { tinyBatches, tinyGan, valuesOf } from '../testing/tiny-models.js';
import { WganTrainer } from '../trainer.js';
import { constant } from './constant.js';
import { linearDecay } from './linear-decay.js';
import { warmUp, type Schedule } from './schedule.js';

const over = (schedule: Schedule, steps: number) =>
  Array.from({ length: steps }, (_, i) => schedule(i + 1));

const closeTo = (value: number) => expect.closeTo(value, 10);

describe('schedules', () => {
  it('say what the rates are multiplied by, step for step', () => {
    expect(over(constant, 3)).toEqual([1, 1, 1]);
    expect(over(linearDecay(4), 6)).toEqual([1, 0.75, 0.5, 0.25, 0, 0]);
    expect(over(linearDecay(6, 0.5), 7)).toEqual([1, 1, 1, 1, 2 / 3, 1 / 3, 0].map(closeTo));
    expect(over(warmUp(4), 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(over(warmUp(0), 2)).toEqual([1, 1]);
    expect(over(warmUp(2, linearDecay(4)), 4)).toEqual([0.5, 0.75, 0.5, 0.25]);
  });

  it('scale the steps of both networks, each of which has a learning rate of its own', async () => {
    // RMSProp's first step is 10 rates long for every weight whose gradient is not tiny.
    const longest = async (schedule: Schedule) => {
      const model = tinyGan();
      const trainer = new WganTrainer(model, {
        schedule,
        generatorLearningRate: 1e-3,
        criticLearningRate: 4e-3,
        constraint: unconstrained,
      });
      const all = () => [model.generatorVariables, model.criticVariables].map(valuesOf);
      const before = all();
      await trainer.step(tinyBatches(1));
      const lengths = all().map((weights, network) =>
        Math.max(
          ...weights.flatMap((weight, w) => [
            ...weight.map((value, i) => Math.abs(value - before[network][w][i])),
          ]),
        ),
      );
      trainer.dispose();
      model.dispose();
      return lengths;
    };
    const [generator, critic] = await longest(constant);
    expect(generator).toBeCloseTo(1e-2, 5);
    expect(critic).toBeCloseTo(4e-2, 5);
    const halved = await longest(() => 0.5);
    expect(halved[0]).toBeCloseTo(0.5e-2, 5);
    expect(halved[1]).toBeCloseTo(2e-2, 5);
    expect(await longest(() => 0)).toEqual([0, 0]);
  });
});
