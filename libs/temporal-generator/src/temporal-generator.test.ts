import { assignWeights, chainerWeights } from '@tgan/chainer';
import { difference, expectClose, loadReference } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createTemporalGenerator } from './temporal-generator.js';

describe('createTemporalGenerator', () => {
  it('is the network of the paper by default', () => {
    const model = createTemporalGenerator();
    expect(model.inputs[0].shape).toEqual([null, 100]);
    expect(model.outputs[0].shape).toEqual([null, 16, 100]);
    const kernels = model.layers.flatMap((l) =>
      l.name.startsWith('deconv') ? [l.weights[0].shape] : [],
    );
    expect(kernels).toEqual([
      [1, 1, 512, 100],
      [1, 4, 256, 512],
      [1, 4, 128, 256],
      [1, 4, 128, 128],
      [1, 4, 100, 128],
    ]);
    const kernelWeights = 100 * 512 + 4 * (512 * 256 + 256 * 128 + 128 * 128 + 128 * 100);
    const biases = 512 + 256 + 128 + 128 + 100;
    const batchNorm = 4 * (512 + 256 + 128 + 128);
    expect(model.countParams()).toBe(kernelWeights + biases + batchNorm);
    model.dispose();
  });

  it('takes other sizes, and makes as many frames as asked', () => {
    const model = createTemporalGenerator({ latentSize: 5, frames: 24, widths: [6, 4, 3] });
    tf.tidy(() => {
      const z1 = model.predict(tf.ones([2, 5])) as tf.Tensor;
      expect(z1.shape).toEqual([2, 24, 5]);
      expect(z1.abs().max().dataSync()[0]).toBeLessThan(1);
    });
    model.dispose();
  });

  it('makes latents of another size than z0 where told', () => {
    const model = createTemporalGenerator({ latentSize: 5, frameLatentSize: 2, widths: [6, 4] });
    expect(model.inputs[0].shape).toEqual([null, 5]);
    expect(model.outputs[0].shape).toEqual([null, 16, 2]);
    model.dispose();
  });

  it('makes polynomials in time where told, within [-1, 1]', () => {
    const sizes = { latentSize: 5, frameLatentSize: 2, frames: 9, terms: 3, widths: [6, 4] };
    const model = createTemporalGenerator({ ...sizes, classes: 2, seed: 4 });
    expect(model.outputs[0].shape).toEqual([null, 9, 2]);
    expect(model.countParams()).toBe(7 * 6 + 6 + 6 * 4 + 4 + 4 * 6 + 6 + 4 * (6 + 4));
    tf.tidy(() => {
      const last = model.getLayer('linear2');
      last.setWeights(last.getWeights().map((weight) => weight.mul(0.1)));
      const z0 = tf.randomUniform([4, 5], -1, 1, 'float32', 1);
      const labels = tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2]);
      const z1 = model.predict([z0, labels]) as tf.Tensor3D;
      expect(z1.abs().max().dataSync()[0]).toBeLessThanOrEqual(1);
      // The third differences of a parabola are 0. With small coefficients none is reflected.
      const rows = tf.unstack(z1, 1);
      const third = rows[3].sub(rows[0]).sub(rows[2].sub(rows[1]).mul(3));
      expect(third.abs().max().dataSync()[0]).toBeLessThan(1e-5);
      expect(z1.sub(z1.mean(1, true)).abs().max().dataSync()[0]).toBeGreaterThan(0.01);
    });
    model.dispose();
  });

  it('reads a label beside z0', () => {
    const sizes = { latentSize: 5, widths: [6, 4, 4, 4] };
    const [plain, conditional] = [
      createTemporalGenerator(sizes),
      createTemporalGenerator({ ...sizes, classes: 3 }),
    ];
    expect(conditional.inputs.map(({ shape }) => shape)).toEqual([
      [null, 5],
      [null, 3],
    ]);
    expect(conditional.countParams() - plain.countParams()).toBe(3 * 6);
    tf.tidy(() => {
      const z0 = tf.ones([2, 5]);
      const labels = tf.tensor2d([1, 0, 0, 0, 0, 1], [2, 3]);
      const [first, second] = tf.split(conditional.predict([z0, labels]) as tf.Tensor, 2);
      expect(difference(first, second).relative).toBeGreaterThan(1e-3);
    });
    for (const made of [plain, conditional]) made.dispose();
  });

  it('starts the same from the same seed, and otherwise not', () => {
    const kernel = (seed: number) => {
      const model = createTemporalGenerator({ latentSize: 4, widths: [3, 3, 3, 3], seed });
      const values = model.getWeights()[0].dataSync().slice();
      model.dispose();
      return values;
    };
    expect(difference(kernel(3), kernel(3)).relative).toBe(0);
    expect(difference(kernel(3), kernel(4)).relative).toBeGreaterThan(0.1);
  });

  it('says which frame counts fit', () => {
    expect(() => createTemporalGenerator({ frames: 10 })).toThrow(
      'temporal generator: frames: 10 does not fit 4 layers of stride 2: it must be a multiple of 16; nearest: 16',
    );
    expect(() => createTemporalGenerator({ latentSize: 0 })).toThrow(/latentSize: .* >= 1, got 0/);
  });

  it('can be saved and loaded', async () => {
    const model = createTemporalGenerator({ latentSize: 4, widths: [3, 3, 3, 3] });
    let saved!: tf.io.ModelArtifacts;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    tf.tidy(() => {
      const z0 = tf.ones([1, 4]);
      expectClose(loaded.predict(z0) as tf.Tensor, model.predict(z0) as tf.Tensor, 0);
    });
    model.dispose();
    loaded.dispose();
  });
});

describe('the reference', () => {
  const reference = loadReference();
  const { zDim, g0 } = reference.config;
  const network = () => createTemporalGenerator({ latentSize: zDim, widths: [...g0] });

  it('gives z1 of the first step, and the running statistics after it', () => {
    const model = network();
    assignWeights(chainerWeights(model, reference.snapshot('init', 'fsgen')));
    tf.tidy(() => {
      const z0 = tf.tensor2d(reference.z0(0), [2, zDim]);
      const z1 = model.apply(z0, { training: true }) as tf.Tensor;
      const expected = reference.array('step1/z1'); // (batch, z, time)
      const channelsFirst = tf.tensor(expected.data as Float32Array, [2, zDim, 16]);
      expectClose(z1, channelsFirst.transpose([0, 2, 1]), 2e-5, 'z1');

      const after = chainerWeights(model, reference.snapshot('step1/after', 'fsgen'));
      for (const { variable, source, value } of after) {
        if (source.includes('avg_')) expectClose(variable.read(), value, 2e-5, source);
      }
    });
    model.dispose();
  });
});
