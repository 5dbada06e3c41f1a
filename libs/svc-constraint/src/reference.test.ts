import { expectClose, expectNoLeaks, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { clipModel } from './index.js';

describe('the reference', () => {
  const reference = loadReference();
  const before = reference.snapshot('step5/before_svc', 'vdis');
  const after = reference.snapshot('step5/after_svc', 'vdis');
  const [width, channels] = [reference.config.d, reference.config.channels];

  /** The critic of the reference from tfjs's own layers; Chainer's norms have no beta. */
  function critic(): tf.Sequential {
    const model = tf.sequential();
    for (let i = 0; i < 4; i++) {
      model.add(
        tf.layers.conv3d({
          filters: width * 2 ** i,
          kernelSize: 4,
          strides: 2,
          padding: 'same',
          name: `c${i}`,
          ...(i === 0 && { inputShape: [16, 64, 64, channels] }),
        }),
      );
      if (i > 0) model.add(tf.layers.batchNormalization({ center: false, name: `bn${i}` }));
    }
    model.add(tf.layers.reshape({ targetShape: [4, 4, width * 8] }));
    model.add(tf.layers.conv2d({ filters: 1, kernelSize: 4, name: 'c4' }));
    return model;
  }

  /** (out, in, kernel...) to [kernel..., in, out]; vectors stay. */
  function fromChainer({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }) {
    const axes = [...shape.keys()];
    return tf.tidy(() =>
      tf
        .tensor(Float32Array.from(data), [...shape])
        .transpose([...axes.slice(2), ...axes.slice(0, 2).reverse()]),
    );
  }

  it('is clipped as the original code does: kernels, the last one too, scales by sqrt(v), no biases', async () => {
    const model = critic();
    const fields: Record<string, string> = {
      kernel: 'W',
      bias: 'b',
      gamma: 'gamma',
      moving_variance: 'avg_var',
      moving_mean: 'avg_mean',
    };
    const chainerName = (w: tf.LayerVariable) => {
      const [layer, field] = w.originalName.split('/');
      return `${layer}/${fields[field]}`;
    };
    for (const weight of model.weights) {
      const array = before.get(chainerName(weight));
      expect(array, chainerName(weight)).toBeDefined();
      const value =
        array!.shape.length > 1 ? fromChainer(array!) : tf.tensor1d(array!.data as Float32Array);
      (weight.read() as tf.Variable).assign(value);
      value.dispose();
    }
    const report = await expectNoLeaks(() => clipModel(model, { gamma: 'original' }));
    expect(report.kernels.map(({ name }) => name)).toEqual(
      ['c0', 'c1', 'c2', 'c3', 'c4'].map((c) => `${c}/kernel`),
    );
    expect(report.kernels.some(({ before }) => before > 1.001)).toBe(true);
    let moved = 0;
    for (const weight of model.weights) {
      const name = chainerName(weight);
      const array = after.get(name)!;
      const value =
        array.shape.length > 1 ? fromChainer(array) : tf.tensor1d(array.data as Float32Array);
      expectClose(weight.read(), value, 1e-5, name);
      value.dispose();
      if (JSON.stringify([...array.data]) !== JSON.stringify([...before.get(name)!.data])) moved++;
    }
    expect(moved).toBeGreaterThan(5);
    model.dispose();
  });
});
