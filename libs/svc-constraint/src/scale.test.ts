import { Random } from '@tgan/core';
import { expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  clipOperatorNorms,
  NonFiniteWeightError,
  operatorNorms,
  spectralNormalize,
} from './index.js';

const random = new Random(31);

/** A small critic with a batch norm, whose kernels stretch by up to several times. */
function critic(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv3d({
        filters: 3,
        kernelSize: 4,
        strides: 2,
        padding: 'same',
        inputShape: [4, 8, 8, 2],
        name: 'a',
      }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.conv3d({ filters: 2, kernelSize: 2, name: 'b' }),
      tf.layers.batchNormalization({ name: 'n' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, name: 'c' }),
    ],
  });
  tf.tidy(() => {
    for (const name of ['a', 'b', 'c']) {
      const [kernel, bias] = model.getLayer(name).getWeights();
      const scale = { a: 0.5, b: 0.01, c: 0.9 }[name]!;
      model
        .getLayer(name)
        .setWeights([tf.tensor(random.uniform(kernel.size, -scale, scale), kernel.shape), bias]);
    }
    const [, beta, mean, variance] = model.getLayer('n').getWeights();
    model.getLayer('n').setWeights([tf.tensor([5, 0.5]), beta, mean, variance]);
  });
  return model;
}

const scaledBy = (before: Float32Array, after: Float32Array) => {
  const factor = after[0] / before[0];
  after.forEach((value, i) => expect(value).toBeCloseTo(before[i] * factor, 5));
  return factor;
};

const kernelsOf = (model: tf.LayersModel) =>
  ['a', 'b', 'c'].map((name) => Float32Array.from(model.getLayer(name).getWeights()[0].dataSync()));

describe('clipOperatorNorms', () => {
  it('scales the layers that stretch too much to at most 1, leaves others, and clips gammas', async () => {
    const model = critic();
    const before = [kernelsOf(model), await operatorNorms(model)] as const;
    const report = await expectNoLeaks(() => clipOperatorNorms(model));
    expect(before[1].map(({ operator }) => operator > 1)).toEqual([true, false, true]);
    report.forEach(({ name, before: norm }, i) => {
      expect(name).toBe(before[1][i].name);
      expect(Math.abs(norm / before[1][i].operator - 1)).toBeLessThan(1e-2);
    });
    const after = await operatorNorms(model, { tolerance: 1e-4 });
    kernelsOf(model).forEach((kernel, i) => {
      const factor = scaledBy(before[0][i], kernel);
      if (i === 1) expect(factor).toBe(1);
      else {
        expect(after[i].operator).toBeLessThanOrEqual(1 + 1e-5);
        expect(after[i].operator).toBeGreaterThan(0.98);
      }
    });
    expect([...model.getLayer('n').getWeights()[0].dataSync()]).toEqual([1, 0.5]);
    model.dispose();
  });
});

describe('spectralNormalize', () => {
  it('gives every kernel a largest singular value of 1, and can leave gammas alone', async () => {
    const model = critic();
    const before = kernelsOf(model);
    await expectNoLeaks(() => spectralNormalize(model, { gamma: false }));
    const after = await operatorNorms(model, { tolerance: 1e-4 });
    for (const { kernel } of after) expect(Math.abs(kernel - 1)).toBeLessThan(1e-2);
    kernelsOf(model).forEach((kernel, i) => scaledBy(before[i], kernel));
    expect([...model.getLayer('n').getWeights()[0].dataSync()]).toEqual([5, 0.5]);
    model.dispose();
  });

  it('changes nothing where a weight is no number, and leaves zeros', async () => {
    const model = critic();
    const bias = model.getLayer('b').getWeights()[1];
    model.getLayer('b').setWeights([tf.fill([2, 2, 2, 3, 2], NaN), bias]);
    const before = kernelsOf(model);
    for (const constrain of [spectralNormalize, clipOperatorNorms]) {
      await expectNoLeaks(() => expect(constrain(model)).rejects.toThrow(NonFiniteWeightError));
      expect(kernelsOf(model)).toEqual(before);
    }
    model.getLayer('b').setWeights([tf.zeros([2, 2, 2, 3, 2]), bias]);
    await spectralNormalize(model);
    expect(kernelsOf(model)[1].every((value) => value === 0)).toBe(true);
    model.dispose();
  });
});
