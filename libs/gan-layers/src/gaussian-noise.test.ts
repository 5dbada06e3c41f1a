import { difference, expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { GaussianNoise, noiseStates, restoreNoise } from './gaussian-noise.js';

const network = (seed: number) =>
  tf.sequential({
    layers: [
      tf.layers.reshape({ inputShape: [4096], targetShape: [16, 4, 4, 16] }),
      new GaussianNoise({ name: 'noise', stddev: 0.3, seed }),
    ],
  });
const noiseOf = (model: tf.LayersModel) =>
  tf.tidy(() => (model.apply(tf.zeros([1, 4096]), { training: true }) as tf.Tensor).dataSync());

describe('GaussianNoise', () => {
  it('adds noise of its deviation when training, and none otherwise', () => {
    const model = network(1);
    tf.tidy(() => {
      const x = tf.ones([2, 4096]);
      expectClose(model.predict(x) as tf.Tensor, tf.ones([2, 4096]).dataSync(), 0);
      const { mean, variance } = tf.moments(model.apply(x, { training: true }) as tf.Tensor);
      expect(mean.dataSync()[0]).toBeCloseTo(1, 1);
      expect(Math.sqrt(variance.dataSync()[0]) / 0.3).toBeCloseTo(1, 1);
    });
    model.dispose();
  });

  it('repeats from a seed, differs from call to call, and goes on from a saved state', () => {
    const [first, second] = [network(7), network(7)];
    const once = noiseOf(first);
    expect(difference(noiseOf(second), once).relative).toBe(0);
    const states = noiseStates(first);
    const next = noiseOf(first);
    expect(difference(next, once).relative).toBeGreaterThan(0.1);
    restoreNoise(first, JSON.parse(JSON.stringify(states)));
    expect(difference(noiseOf(first), next).relative).toBe(0);
    expect(() => restoreNoise(first, [])).toThrow(/1 noise layers, but there are 0 states/);
    first.dispose();
    second.dispose();
  });

  it('passes gradients through and leaves no tensors', async () => {
    const layer = new GaussianNoise({ stddev: 0.3 });
    await expectNoLeaks(() => {
      const gradient = tf.grad((x) => layer.apply(x, { training: true }) as tf.Tensor)(
        tf.ones([2, 3, 1, 1, 2]),
      );
      expectClose(gradient, new Float32Array(12).fill(1), 0);
      gradient.dispose();
    }, 1 /* the input */);
  });

  it('keeps its deviation and seed in a saved model', () => {
    const { stddev, seed } = GaussianNoise.fromConfig(
      GaussianNoise as never,
      new GaussianNoise({ stddev: 0.5, seed: 9 }).getConfig(),
    ) as GaussianNoise;
    expect({ stddev, seed }).toEqual({ stddev: 0.5, seed: 9 });
  });
});
