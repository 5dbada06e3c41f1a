import { assignWeights, chainerWeights } from '@tgan/chainer';
import { difference, expectClose, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createImageGenerator } from './image-generator.js';

describe('createImageGenerator', () => {
  it('is the network of the paper by default', () => {
    const model = createImageGenerator();
    expect(model.inputs.map((input) => input.shape)).toEqual([
      [null, 100],
      [null, 100],
    ]);
    expect(model.outputs[0].shape).toEqual([null, 64, 64, 3]);
    const linears = 2 * 100 * 256 * 16;
    const deconvolutions = 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 32) + 9 * 32 * 3 + 3;
    const batchNorm = 4 * (2 * 4096 + 256 + 128 + 64 + 32);
    expect(model.countParams()).toBe(linears + deconvolutions + batchNorm);
    model.dispose();
  });

  it('makes the frame by its last deconvolution where told (DCGAN)', () => {
    const sizes = { latentSize: 5, imageSize: 32, channels: 1, finalConvolution: false };
    const model = createImageGenerator({ ...sizes, widths: [8, 6, 4], frameLatentSize: 2 });
    expect(model.inputs.map((input) => input.shape)).toEqual([
      [null, 5],
      [null, 2],
    ]);
    expect(model.outputs[0].shape).toEqual([null, 32, 32, 1]);
    const linears = (5 + 2) * 16 * 4;
    const deconvolutions = 16 * (8 * 6 + 6 * 4 + 4) + 1;
    expect(model.countParams()).toBe(linears + deconvolutions + 4 * (2 * 64 + 6 + 4));
    model.dispose();
    expect(() => createImageGenerator({ ...sizes, imageSize: 12, widths: [8, 6, 4] })).toThrow(
      /imageSize: 12 does not fit 3 layers of stride 2/,
    );
  });

  it('takes other sizes', () => {
    const model = createImageGenerator({
      latentSize: 3,
      imageSize: 24,
      channels: 1,
      widths: [8, 4, 2],
    });
    tf.tidy(() => {
      const frame = model.predict([tf.ones([2, 3]), tf.ones([2, 3])]) as tf.Tensor;
      expect(frame.shape).toEqual([2, 24, 24, 1]);
    });
    model.dispose();
  });

  it('gives the label a linear layer of its own', () => {
    const sizes = { latentSize: 3, imageSize: 16, channels: 1, widths: [8, 4, 2] };
    const [plain, conditional] = [
      createImageGenerator(sizes),
      createImageGenerator({ ...sizes, classes: 2 }),
    ];
    expect(conditional.inputs.map(({ shape }) => shape)).toEqual([
      [null, 3],
      [null, 3],
      [null, 2],
    ]);
    // 4 more maps of 4x4: a linear layer, its batch norm, and as many more inputs of the first
    // deconvolution.
    const added = 2 * 4 * 16 + 4 * 4 * 16 + 4 * 4 * 4 * 4;
    expect(conditional.countParams() - plain.countParams()).toBe(added);
    tf.tidy(() => {
      const z = tf.ones([2, 3]);
      const frames = conditional.predict([z, z, tf.tensor2d([1, 0, 0, 1], [2, 2])]) as tf.Tensor;
      const [first, second] = tf.split(frames, 2);
      expect(difference(first, second).relative).toBeGreaterThan(1e-3);
    });
    for (const made of [plain, conditional]) made.dispose();
  });

  it('draws one picture for a whole video where it sees z0 alone', () => {
    const sizes = { latentSize: 5, imageSize: 16, channels: 1, widths: [8, 4, 4] };
    const model = createImageGenerator({ ...sizes, seesZ1: false, classes: 2 });
    expect(model.inputs.map(({ shape }) => shape)).toEqual([
      [null, 5],
      [null, 2],
    ]);
    expect(model.outputs[0].shape).toEqual([null, 16, 16, 1]);
    model.dispose();
    expect(() => createImageGenerator({ ...sizes, seesZ0: false, seesZ1: false })).toThrow(
      'image generator: seesZ1: it must see z0, z1 or both',
    );
  });

  it('has as many parameters without z0', () => {
    const model = createImageGenerator({ seesZ0: false });
    const both = createImageGenerator();
    expect(model.inputs.map(({ shape }) => shape)).toEqual([[null, 100]]);
    expect(model.countParams()).toBe(both.countParams());
    for (const made of [model, both]) made.dispose();
  });

  it('says which options do not fit', () => {
    expect(() => createImageGenerator({ imageSize: 50 })).toThrow(
      'image generator: imageSize: 50 does not fit 4 layers of stride 2: it must be a multiple of 16; nearest: 48 and 64',
    );
    expect(() => createImageGenerator({ widths: [7, 4] })).toThrow(/must be even, got 7/);
  });
});

describe('the reference', () => {
  it('gives the frames of the first step, and the running statistics after it', () => {
    const reference = loadReference();
    const { zDim, g1 } = reference.config;
    const model = createImageGenerator({
      latentSize: zDim,
      channels: 1,
      widths: [g1, g1 / 2, g1 / 4, g1 / 8, g1 / 16],
    });
    const snapshot = reference.snapshot('init', 'vgen');
    assignWeights(chainerWeights(model, snapshot));
    tf.tidy(() => {
      const z0 = tf.tensor(reference.z0(0), [2, 1, zDim]);
      const eachFrame = z0.tile([1, 16, 1]).reshape([32, zDim]);
      const z1 = tf.tensor(reference.array('step1/z1').data as Float32Array, [2, zDim, 16]);
      const latents = z1.transpose([0, 2, 1]).reshape([32, zDim]);
      const frames = model.apply([eachFrame, latents], { training: true }) as tf.Tensor;
      expectClose(frames, reference.fake().data, 2e-5, 'fake');

      const after = reference.snapshot('step1/after', 'vgen');
      for (const { variable, source, value } of chainerWeights(model, after)) {
        if (source.includes('avg_')) expectClose(variable.read(), value, 2e-5, source);
      }
    });
    model.dispose();
  });
});
