import { Random } from '@tgan/core';
import { models as registry } from '@tgan/video-gan';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { readOnnx, runOnnx } from '../testing/run-onnx.js';
import { onnxGenerator } from './onnx.js';

const sizes = { latentSize: 3, frames: 4, imageSize: 8, channels: 2, criticWidths: [2, 2] };
const temporal = { ...sizes, temporalWidths: [4, 4], imageWidths: [6, 4, 4], initializer: 'he' };
const models: Record<string, [name: string, options: object]> = {
  tgan: ['tgan', temporal],
  'tgan without beta': ['tgan', { ...temporal, batchNormBeta: false }],
  'tgan-z1': ['tgan-z1', temporal],
  'conditional tgan': ['tgan', { ...temporal, classes: 3 }],
  'tgan with small frame latents': ['tgan', { ...temporal, frameLatentSize: 2 }],
  'tgan with a sprite': ['tgan', { ...temporal, sprites: 1, spriteSize: 4 }],
  'tgan that moves along polynomials': [
    'tgan',
    { ...temporal, sprites: 1, spriteSize: 4, temporalTerms: 3 },
  ],
  'tgan with a sprite on whole pixels': [
    'tgan',
    { ...temporal, sprites: 1, spriteSize: 4, wholePixels: true },
  ],
  'tgan with three small sprites': ['tgan', { ...temporal, sprites: 3, spriteSize: 4, classes: 3 }],
  '3d': ['3d', { ...sizes, generatorWidths: [4, 4] }],
  vgan: ['vgan', { ...sizes, generatorWidths: [4, 4] }],
};
const create = (name: string) => registry.create(...models[name], { seed: 0 });

describe('onnxGenerator', () => {
  it.each(Object.keys(models))('makes the videos of a %s', async (name) => {
    const model = await create(name);
    const random = new Random(5);
    // Running statistics that are not 0 and 1, and a scale and shift to fold them into.
    for (const network of Object.values(model.networks)) {
      const weights = network.getWeights();
      const moved = weights.map((weight) =>
        weight.rank === 1 ? tf.tensor1d(random.uniform(weight.size, 0.5, 2)) : weight,
      );
      network.setWeights(moved);
    }
    const { classes = 0 } = model.options;
    const z0 = model.latents(2, random);
    const labels = classes > 0 ? tf.tensor1d([2, 0], 'int32') : undefined;
    const expected = model.generate(z0, { labels });
    const file = await expectNoLeaks(() => readOnnx(onnxGenerator(model, { made: 'here' })));
    const video = runOnnx(file, {
      z0,
      ...(labels && { label: tf.oneHot(labels, classes).toFloat() }),
    });
    expect(video.shape).toEqual([2, 4, 8, 8, 2]);
    expectClose(video, expected.dataSync(), 1e-5);
    model.dispose();
  });

  it('says what it takes and makes', async () => {
    const model = await create('conditional tgan');
    const { graph, opsetImport, metadata } = readOnnx(onnxGenerator(model, { labels: '["a"]' }));
    const shapes = [...graph.inputs, ...graph.outputs].map(({ name, type }) => [
      name,
      ...type.tensor.shape.dims.map((dim) => dim.name || dim.size),
    ]);
    expect(shapes).toEqual([
      ['z0', 'batch', 3],
      ['label', 'batch', 3],
      ['video', 'batch', 4, 8, 8, 2],
    ]);
    expect(opsetImport.map(({ version }) => version)).toEqual([13]);
    expect(metadata).toEqual([{ key: 'labels', value: '["a"]' }]);
    model.dispose();
  });

  it('says which layer it has no operator for', async () => {
    const model = await create('tgan');
    const critic = { ...model, networks: { generator: model.critic }, options: model.options };
    expect(() => onnxGenerator(critic as never)).toThrow(
      /generator\/conv0: no ONNX for this Conv3D/,
    );
    model.dispose();
  });
});
