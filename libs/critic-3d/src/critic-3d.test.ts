import { assignWeights, chainerWeights } from '@tgan/gan-layers';
import { expectClose, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createCritic3d } from './critic-3d.js';

describe('createCritic3d', () => {
  it('is the network of the paper by default', () => {
    const model = createCritic3d();
    expect(model.inputs[0].shape).toEqual([null, 16, 64, 64, 3]);
    expect(model.outputs[0].shape).toEqual([null, 1]);
    const kernels = 64 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512) + 16 * 512;
    const biases = 64 + 128 + 256 + 512 + 1;
    const batchNorm = 3 * (128 + 256 + 512);
    expect(model.countParams()).toBe(kernels + biases + batchNorm);
    model.dispose();
  });

  it('shrinks time to one and takes other sizes', () => {
    const model = createCritic3d({ frames: 8, imageSize: 12, channels: 1, widths: [3, 4] });
    expect(model.layers.filter((l) => l.name.startsWith('conv')).map((l) => l.outputShape)).toEqual(
      [
        [null, 4, 6, 6, 3],
        [null, 2, 3, 3, 4],
        [null, 1, 1, 1, 1],
      ],
    );
    model.dispose();
  });

  it('says which options do not fit', () => {
    expect(() => createCritic3d({ frames: 10, imageSize: 50 })).toThrow(
      /critic: frames: 10 does not fit .* nearest: 16; imageSize: 50 .* nearest: 48 and 64/,
    );
    expect(() => createCritic3d({ slope: 1.5 })).toThrow(/slope: expected a number <= 1, got 1.5/);
    expect(() => createCritic3d({ width: [4] } as never)).toThrow(/did you mean "widths"/);
  });
});

describe('the reference', () => {
  it('gives the scores of the first step, fake clips first, and the running statistics after', () => {
    const reference = loadReference();
    const { d } = reference.config;
    const model = createCritic3d({ channels: 1, widths: [d, 2 * d, 4 * d, 8 * d] });
    assignWeights(chainerWeights(model, reference.snapshot('init', 'vdis')));
    tf.tidy(() => {
      const score = ({ data, shape }: ReturnType<typeof reference.fake>) =>
        model.apply(tf.tensor5d(data, shape), { training: true }) as tf.Tensor;
      expectClose(score(reference.fake()), reference.array('step1/d_fake').data, 2e-5, 'd_fake');
      expectClose(score(reference.real(0)), reference.array('step1/d_real').data, 2e-5, 'd_real');

      const after = chainerWeights(model, reference.snapshot('step1/after', 'vdis'));
      for (const { variable, source, value } of after) {
        if (source.includes('avg_')) expectClose(variable.read(), value, 2e-5, source);
      }
    });
    model.dispose();
  });
});
