import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolynomialPath } from './polynomial-path.js';

/** The path of one number, from its coefficients. */
const path = (frames: number, coefficients: readonly number[]) =>
  tf.tidy(() => {
    const input = tf.tensor3d([coefficients.map((c) => [c])]);
    return [...new PolynomialPath({ frames }).call(input).dataSync()];
  });

describe('PolynomialPath', () => {
  it('goes from a place at a speed', () => {
    expect(path(5, [0.25, 0.5])).toEqual([-0.25, 0, 0.25, 0.5, 0.75].map((v) => expect.closeTo(v)));
  });

  it('bends by the third term, which counts half', () => {
    // T2(t) = 2 t^2 - 1.
    expect(path(3, [0, 0, 1])).toEqual([0.5, -0.5, 0.5].map((v) => expect.closeTo(v)));
  });

  it('is reflected at -1 and 1, any number of times', () => {
    expect(path(5, [0, 2])).toEqual([0, -1, 0, 1, 0].map((v) => expect.closeTo(v)));
    const start = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(start, fc.double({ min: -9, max: 9, noNaN: true }), (place, speed) => {
        /** Mirrors one wall after the other. */
        const bounce = (x: number): number => (x > 1 ? bounce(2 - x) : x < -1 ? bounce(-2 - x) : x);
        const expected = [-1, -0.5, 0, 0.5, 1].map((t) => bounce(place + speed * t));
        path(5, [place, speed]).forEach((x, i) => expect(x).toBeCloseTo(expected[i], 4));
      }),
    );
  });

  it('keeps videos and numbers apart, also when it is saved', async () => {
    const input = tf.input({ shape: [2, 3] });
    const output = new PolynomialPath({ frames: 4 }).apply(input) as tf.SymbolicTensor;
    expect(output.shape).toEqual([null, 4, 3]);
    const model = tf.model({ inputs: input, outputs: output });
    const loaded = await tf.models.modelFromJSON(
      JSON.parse(model.toJSON() as string) as tf.io.ModelJSON,
    );
    await expectNoLeaks(() =>
      tf.tidy(() => {
        const coefficients = tf.randomUniform([2, 2, 3], -0.4, 0.4, 'float32', 3);
        const paths = model.predict(coefficients) as tf.Tensor;
        const [place, speed] = tf.split(coefficients.slice([1, 0, 2], [1, 2, 1]), 2, 1);
        const expected = place.add(speed.mul(tf.tensor3d([[[-1], [-1 / 3], [1 / 3], [1]]])));
        expectClose(paths.slice([1, 0, 2], [1, 4, 1]), expected, 1e-6);
        expectClose(loaded.predict(coefficients) as tf.Tensor, paths, 0);
      }),
    );
    for (const made of [model, loaded]) made.dispose();
  });

  it('has gradients that agree with differences', () => {
    tf.tidy(() => {
      const layer = new PolynomialPath({ frames: 5 });
      const at = tf.tensor3d([[[0.3], [1.7], [-0.4]]]);
      const weights = tf.tensor3d([[[1], [-2], [3], [0.5], [2]]]);
      const value = (x: tf.Tensor) => layer.call(x).mul(weights).sum();
      const gradient = tf.grad(value)(at).dataSync();
      for (let i = 0; i < 3; i++) {
        const step = tf.oneHot(i, 3).reshape([1, 3, 1]).mul(1e-3);
        const difference = value(at.add(step))
          .sub(value(at.sub(step)))
          .div(2e-3);
        expect(gradient[i]).toBeCloseTo(difference.dataSync()[0], 2);
      }
    });
  });
});
