import { checkGradients, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { registerSimdBackend } from '@tgan/simd-backend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchNorm } from './batch-norm.js';
import { normalizeBatch } from './normalize-batch.js';
import { enableSecondDerivatives } from './second-derivatives.js';

const values = (count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => Math.sin(seed * 7.3 + i * 1.7) + 0.3 * i);

/** Runs one training pass for its effect on the running statistics. */
const train = (layer: BatchNorm, x: number[][]) =>
  tf.tidy(() => void layer.apply(tf.tensor2d(x), { training: true }));

describe('BatchNorm', () => {
  it('normalizes every channel over all other axes, at any rank', () => {
    const shapes = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
      .filter((axes) => axes.reduce((a, b) => a * b) >= 2);
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 5 }), (axes, channels) => {
        tf.tidy(() => {
          const size = axes.reduce((a, b) => a * b, channels);
          const x = tf.tensor(values(size), [...axes, channels]);
          const layer = new BatchNorm({ epsilon: 1e-12 });
          const y = layer.apply(x, { training: true }) as tf.Tensor;
          expect(y.shape).toEqual(x.shape);
          const { mean, variance } = tf.moments(y.reshape([-1, channels]), 0);
          expectClose(mean.add(1), tf.ones([channels]), 1e-5, 'mean');
          expectClose(variance, tf.ones([channels]), 1e-4, 'variance');
          layer.dispose();
        });
      }),
      { numRuns: 40 },
    );
  });

  it('moves its running statistics as Chainer and PyTorch do: decay 0.9, unbiased variance', () => {
    const layer = new BatchNorm();
    train(layer, [[1], [3], [5], [7]]);
    expectClose(layer.movingMean.read(), [0.9 * 0 + 0.1 * 4], 1e-6);
    expectClose(layer.movingVariance.read(), [0.9 * 1 + 0.1 * (20 / 3)], 1e-6);
    layer.dispose();
  });

  it('takes the biased variance when asked to, as Keras does', () => {
    const layer = new BatchNorm({ unbiasedVariance: false, decay: 0.5 });
    train(layer, [[1], [3], [5], [7]]);
    expectClose(layer.movingVariance.read(), [0.5 + 0.5 * 5], 1e-6);
    layer.dispose();
  });

  it('uses the running statistics, and leaves them, at inference', () => {
    tf.tidy(() => {
      const layer = new BatchNorm({ epsilon: 0 });
      layer.build([null, 2]);
      layer.setWeights([
        tf.tensor1d([2, 1]),
        tf.tensor1d([0, 5]),
        tf.tensor1d([1, 2]),
        tf.tensor1d([4, 1]),
      ]);
      const y = layer.apply(tf.tensor2d([[3, 2]])) as tf.Tensor;
      expectClose(y, [2, 5], 1e-6);
      expectClose(layer.movingMean.read(), [1, 2], 0);
    });
  });

  it('has gradients at inference, without beta too', () => {
    tf.tidy(() => {
      for (const center of [true, false]) {
        const layer = new BatchNorm({ center, epsilon: 0 });
        layer.build([null, 2]);
        layer.movingVariance.write(tf.tensor1d([4, 1]));
        const dx = tf.grad((x) => layer.apply(x) as tf.Tensor)(tf.tensor2d([[3, 2]]));
        expectClose(dx, [0.5, 1], 1e-6);
      }
    });
  });

  it('has no beta without center, and survives saving', async () => {
    const input = tf.input({ shape: [3] });
    const bn = new BatchNorm({
      ...{ center: false, epsilon: 1e-4, decay: 0.8, leakyReluAlpha: 0.2 },
      name: 'bn',
    });
    const model = tf.model({ inputs: input, outputs: bn.apply(input) as tf.SymbolicTensor });
    expect(bn.getWeights().map((w) => w.shape)).toEqual([[3], [3], [3]]);
    let saved!: tf.io.ModelArtifacts;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    expect(loaded.getLayer('bn').getConfig()).toEqual(bn.getConfig());

    // Version 0.1.0 called leakyReluAlpha slope.
    const topology = JSON.stringify(saved.modelTopology);
    const older = topology.replace('"leaky_relu_alpha":', '"slope":');
    expect(older).not.toBe(topology);
    const modelTopology = JSON.parse(older) as object;
    const old = await tf.loadLayersModel(tf.io.fromMemory({ ...saved, modelTopology }));
    expect(old.getLayer('bn').getConfig()).toEqual(bn.getConfig());
    for (const made of [model, loaded, old]) made.dispose();
  });

  it('refuses to train on a single value a channel', () => {
    const layer = new BatchNorm({ name: 'bn3' });
    expect(() => train(layer, [[1, 2, 3, 4]])).toThrow(
      /bn3: training needs at least 2 values a channel, got 1/,
    );
  });

  it('leaves no tensors behind, under a gradient tape too', async () => {
    const layer = new BatchNorm();
    train(
      layer,
      values(4).map((v) => [v, -v]),
    );
    const x = tf.tensor2d(values(8), [4, 2]);
    await expectNoLeaks(() => {
      tf.tidy(() => {
        tf.grad((v) => (layer.apply(v, { training: true }) as tf.Tensor).square().sum())(x);
      });
    });
    tf.dispose(x);
    layer.dispose();
  });
});

describe('normalizeBatch', () => {
  const x = tf.tensor2d(values(12), [6, 2]);
  const gamma = tf.tensor1d([1.5, -0.7]);
  const beta = tf.tensor1d([0.2, 0.4]);
  const normalized = (...inputs: tf.Tensor[]) => {
    const [x, gamma, beta] = inputs as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const { y, mean, variance } = normalizeBatch(x, gamma, beta, 1e-3);
    tf.dispose([mean, variance]);
    return y;
  };

  it('has the gradient that differences give, for x, gamma and beta', () => {
    checkGradients(normalized, [x, gamma, beta], { step: 3e-3 });
  });

  it.each([0, 0.2])('does with leakyReluAlpha %f what the activation after it does', (alpha) => {
    const inputs = [x, gamma, beta];
    const both = [alpha, 1].map((first) => (...args: tf.Tensor[]) => {
      const [x, gamma, beta] = args as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
      const { y, mean, variance } = normalizeBatch(x, gamma, beta, 1e-3, first);
      tf.dispose([mean, variance]);
      const activated = first === 1 ? y.maximum(y.mul(alpha)) : y;
      return activated.mul(x).sum();
    });
    const [fused, apart] = both.map((f) => tf.valueAndGrads(f)(inputs));
    expect(fused.value.dataSync()[0]).not.toBe(0);
    expectClose(fused.value, apart.value, 1e-5);
    fused.grads.forEach((grad, i) => expectClose(grad, apart.grads[i], 1e-5));
  });

  it('leaves the gradient that a caller hands in', async () => {
    const dy = tf.ones([6, 2]);
    await expectNoLeaks(() => {
      tf.dispose(tf.grads((...inputs) => normalized(...inputs))([x, gamma, beta], dy));
    });
    expect(dy.dataSync()[0]).toBe(1);
    dy.dispose();
  });

  it('has a right second-order gradient for x', () => {
    const penalty = (v: tf.Tensor) =>
      tf
        .grad((u) => normalized(u, gamma, beta).pow(3).sum())(v)
        .square();
    checkGradients(penalty, [x], { step: 3e-3, tolerance: 5e-3 });
  });
});

describe('the kernels of a backend', () => {
  beforeAll(async () => {
    enableSecondDerivatives();
    await registerSimdBackend({ threads: 1 });
  });
  afterAll(() => tf.removeBackend('simd'));

  /** A penalty on the gradients for x, gamma and beta, and its own gradients for x and gamma. */
  async function secondOrder(backend: string, alpha: number, shape: number[]) {
    const before = tf.getBackend();
    await tf.setBackend(backend);
    const [size, channels] = [tf.util.sizeFromShape(shape), shape.at(-1)!];
    const numbers = tf.tidy(() => {
      const weights = tf.tensor(values(size, 5), shape);
      const shift = tf.tensor1d(values(channels, 4));
      const score = (...inputs: tf.Tensor[]) => {
        const [x, gamma, beta] = inputs as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
        const { y, mean, variance } = normalizeBatch(x, gamma, beta, 1e-3, alpha);
        tf.dispose([mean, variance]);
        return y.add(1).square().mul(weights).sum();
      };
      const penalty = (x: tf.Tensor, gamma: tf.Tensor) => {
        const all = tf.grads(score)([x, gamma, shift]);
        return tf.addN(
          all.map((gradient, i) =>
            gradient
              .square()
              .sum()
              .mul(i + 1),
          ),
        ) as tf.Scalar;
      };
      const inputs = [tf.tensor(values(size, 2), shape), tf.tensor1d(values(channels, 3))];
      const { value, grads } = tf.valueAndGrads(penalty)(inputs);
      return [value, ...grads].map((tensor) => Float32Array.from(tensor.dataSync()));
    });
    await tf.setBackend(before);
    return numbers;
  }

  it.each([1, 0.2, 0])(
    'have the second derivatives of the plain operations, leakyReluAlpha %f',
    async (alpha) => {
      for (const shape of [
        [6, 2],
        [2, 3, 2, 2, 3],
      ]) {
        await expectNoLeaks(async () => {
          const plain = await secondOrder('cpu', alpha, shape);
          const fused = await secondOrder('simd', alpha, shape);
          expect(plain[0][0]).toBeGreaterThan(0);
          plain.forEach((numbers, i) => expectClose(fused[i], numbers, 1e-4));
        });
      }
    },
  );
});
