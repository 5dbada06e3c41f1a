import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { BatchNorm } from './batch-norm.js';
import { redundantBiases } from './redundant-biases.js';

const { conv2d, dense } = tf.layers;
type Node = tf.SymbolicTensor;
const norm = (name: string) => new BatchNorm({ name });

describe('redundantBiases', () => {
  it('finds the biases whose only way on is a batch norm', () => {
    const input = tf.input({ shape: [4, 4, 1] });
    const picture = conv2d({ name: 'conv', filters: 2, kernelSize: 3 }).apply(input) as Node;
    const flat = tf.layers.flatten().apply(norm('bn0').apply(picture)) as Node;
    const free = dense({ name: 'free', units: 3 }).apply(flat) as Node;
    const first = norm('bn1').apply(free) as Node;
    // A batch norm that an activation comes before, one of two ways on, and an output.
    const active = dense({ name: 'active', units: 3, activation: 'relu' }).apply(first) as Node;
    const second = norm('bn2').apply(active) as Node;
    const forked = dense({ name: 'forked', units: 3 }).apply(second) as Node;
    const joined = tf.layers.add().apply([norm('bn3').apply(forked) as Node, forked]) as Node;
    const shown = dense({ name: 'shown', units: 3 }).apply(joined) as Node;
    const plain = dense({ name: 'plain', units: 3, useBias: false }).apply(joined) as Node;
    const outputs = [shown, norm('bn4').apply(shown) as Node, norm('bn5').apply(plain) as Node];
    const network = tf.model({ inputs: input, outputs });

    expect(redundantBiases(network).map(({ name }) => name)).toEqual(['conv/bias', 'free/bias']);
    network.dispose();
  });

  it('finds none in a network without batch norm', () => {
    const network = tf.sequential({ layers: [dense({ inputShape: [2], units: 3 })] });
    expect(redundantBiases(network)).toEqual([]);
    network.dispose();
  });

  it('finds biases whose gradient is rounding noise', () => {
    const kernelInitializer = tf.initializers.randomNormal({ seed: 2 });
    const network = tf.sequential({
      layers: [dense({ inputShape: [5], units: 3, kernelInitializer }), norm('last')],
    });
    tf.tidy(() => {
      const x = tf.randomNormal([16, 5], 0, 1, 'float32', 3);
      const direction = tf.randomNormal([16, 3], 0, 1, 'float32', 4);
      const { grads } = tf.variableGrads(() => {
        const y = network.apply(x, { training: true }) as tf.Tensor;
        return y.mul(direction).mean() as tf.Scalar;
      });
      const largest = (name: string) => grads[name].abs().max().dataSync()[0];
      const [bias] = redundantBiases(network);
      const [kernel] = network.layers[0].getWeights() as tf.Variable[];
      expect(largest(kernel.name)).toBeGreaterThan(1e-3);
      expect(largest(bias.name)).toBeLessThan(1e-6 * largest(kernel.name));
    });
    network.dispose();
  });
});
