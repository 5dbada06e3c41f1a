import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { checkGradients, difference, expectClose, expectNoLeaks, loadReference } from './index.js';

describe('the reference', () => {
  const reference = loadReference();

  it('knows its sizes', () => {
    expect(reference.config).toMatchObject({ zDim: 8, batch: 2, steps: 5, svcEvery: 5 });
    expect(reference.z0(4)).toHaveLength(2 * 8);
    expect(reference.snapshot('init', 'vdis').get('c1/W')?.shape).toEqual([8, 4, 4, 4, 4]);
    expect(() => reference.array('step2/z1')).toThrow(/holds no step2\/z1/);
  });

  it('hands out clips with channels last', () => {
    const { shape, data } = reference.real(0);
    expect(shape).toEqual([2, 16, 64, 64, 1]);
    expect(data.slice(0, 5)).toEqual(reference.array('real').data.slice(0, 5));
  });
});

describe('difference', () => {
  it('names the worst element', () => {
    const actual = tf.tensor2d([1, 2, 3, 4.5], [2, 2]);
    expect(difference(actual, [1, 2, 3.1, 4])).toEqual({
      relative: 0.125,
      at: [1, 1],
      actual: 4.5,
      expected: 4,
    });
    expect(() => expectClose(actual, [1, 2, 3.1, 4], 0.1, 'z1')).toThrow(
      /z1: off by 1.25e-1.*worst at \[1, 1\]: 4.5, expected 4/,
    );
    actual.dispose();
  });

  it('never takes NaN for close, and wants equal sizes', () => {
    expect(difference([NaN], [1]).relative).toBe(Infinity);
    expect(difference([1], [NaN]).relative).toBe(Infinity);
    expect(() => difference([1], [1, 2])).toThrow(/1 values where 2/);
  });
});

describe('checkGradients', () => {
  it('accepts a right gradient and refuses a wrong one', () => {
    const x = tf.tensor1d([0.5, -1, 2]);
    checkGradients((v) => v.square(), [x]);
    const wrong = tf.customGrad((v) => ({
      value: (v as tf.Tensor).square(),
      gradFunc: (dy) => (dy as tf.Tensor).mul(3),
    }));
    expect(() => checkGradients((v) => wrong(v), [x])).toThrow(/gradient of input 0/);
    x.dispose();
  });
});

describe('expectNoLeaks', () => {
  it('counts the tensors that stay', async () => {
    await expect(expectNoLeaks(() => tf.scalar(1))).rejects.toThrow(/1 tensors more/);
    (await expectNoLeaks(() => tf.scalar(1), 1)).dispose();
  });
});
