import { expectClose } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { assignWeights, chainerWeights } from './weights.js';

describe('chainerWeights', () => {
  const network = () =>
    tf.sequential({
      layers: [
        tf.layers.conv1d({ name: 'conv0', inputShape: [4, 2], filters: 3, kernelSize: 2 }),
        tf.layers.flatten(),
      ],
    });
  const snapshot = new Map([
    // (out 3, in 2, kernel 2): element (o, i, k) is 100 o + 10 i + k
    [
      'c0/W',
      {
        shape: [3, 2, 2],
        data: Float32Array.of(0, 1, 10, 11, 100, 101, 110, 111, 200, 201, 210, 211),
      },
    ],
    ['c0/b', { shape: [3], data: Float32Array.of(7, 8, 9) }],
  ]);

  it('moves kernels from (out, in, kernel) to [kernel, in, out]', () => {
    const model = network();
    assignWeights(chainerWeights(model, snapshot));
    const [kernel, bias] = model.getWeights();
    expect(kernel.arraySync()).toEqual([
      [
        [0, 100, 200],
        [10, 110, 210],
      ],
      [
        [1, 101, 201],
        [11, 111, 211],
      ],
    ]);
    expectClose(bias, [7, 8, 9], 0);
    model.dispose();
  });

  it('names what is missing and what has another size', () => {
    const model = network();
    expect(() => chainerWeights(model, new Map())).toThrow(/no c0\/W for conv0's kernel/);
    const wrong = new Map([['c0/W', { shape: [1, 2, 2], data: new Float32Array(4) }]]);
    expect(() => chainerWeights(model, wrong)).toThrow(
      /c0\/W is \(1, 2, 2\) in the snapshot, but conv0's kernel is \[2, 2, 3\] here/,
    );
    model.dispose();
  });
});
