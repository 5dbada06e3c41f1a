import { assignWeights, chainerWeights } from '@tgan/chainer';
import { difference, expectClose, loadReference } from '@tgan/tensor-fixtures';
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

  it('reads the label as channels of every pixel', () => {
    const sizes = { frames: 4, imageSize: 4, channels: 1, widths: [3, 4], seed: 2 };
    const conditional = createCritic3d({ ...sizes, classes: 2 });
    const voxels = createCritic3d({ ...sizes, channels: 3 });
    expect(conditional.countParams()).toBe(voxels.countParams());
    voxels.setWeights(conditional.getWeights());
    tf.tidy(() => {
      const clip = tf.randomUniform([2, 4, 4, 4, 1], -1, 1, 'float32', 3);
      const label = tf.tensor2d([0, 1, 1, 0], [2, 2]);
      const voxel = label.reshape([2, 1, 1, 1, 2]).tile([1, 4, 4, 4, 1]);
      const expected = voxels.predict(tf.concat([clip, voxel], 4)) as tf.Tensor;
      expectClose(conditional.predict([clip, label]) as tf.Tensor, expected.dataSync(), 1e-6);
    });
    for (const made of [conditional, voxels]) made.dispose();
  });

  it('adds noise before each LeakyReLU when training, with the same kernels', () => {
    const sizes = { frames: 4, imageSize: 4, channels: 1, widths: [3, 4] };
    const [plain, noisy] = [createCritic3d(sizes), createCritic3d({ ...sizes, noise: 0.3 })];
    const names = noisy.layers.map(({ name }) => name.replace(/^(leaky).*/, '$1'));
    for (const layer of [0, 1]) expect(names[names.indexOf(`noise${layer}`) + 1]).toBe('leaky');
    expect(noisy.countParams()).toBe(plain.countParams());
    tf.tidy(() => {
      const clip = tf.randomUniform([2, 4, 4, 4, 1], -1, 1, 'float32', 3);
      expectClose(noisy.predict(clip) as tf.Tensor, plain.predict(clip) as tf.Tensor, 0);
      const training = () => noisy.apply(clip, { training: true }) as tf.Tensor;
      expect(difference(training(), training()).relative).toBeGreaterThan(1e-3);
    });
    for (const made of [plain, noisy]) made.dispose();
  });

  it('says which options do not fit', () => {
    expect(() => createCritic3d({ frames: 10, imageSize: 50 })).toThrow(
      /critic: frames: 10 does not fit .* nearest: 16; imageSize: 50 .* nearest: 48 and 64/,
    );
    expect(() => createCritic3d({ leakyReluAlpha: 1.5 })).toThrow(
      /leakyReluAlpha: expected a number <= 1, got 1.5/,
    );
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
