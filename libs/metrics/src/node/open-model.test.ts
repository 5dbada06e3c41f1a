import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { saveModel } from '../testing/save-model.js';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../sha256.js';
import { openModelExtractor } from './open-model.js';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'tgan-metrics-')), 'c3d');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

function classifier(batchInputShape: (number | null)[] = [null, 4, 6, 6, 3]): tf.LayersModel {
  const input = tf.input({ batchShape: batchInputShape });
  const conv = tf.layers.conv3d({ filters: 5, kernelSize: 3, activation: 'relu', name: 'conv' });
  const flat = tf.layers.flatten({ name: 'flat' });
  const logits = tf.layers.dense({ units: 7, name: 'logits' });
  const output = logits.apply(flat.apply(conv.apply(input))) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

/** A graph that multiplies a clip of 2 x 2 x 2 x 1 by a matrix. */
async function writeGraph(): Promise<Float32Array> {
  const floats = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
  const shape = (...dims: number[]) => ({ shape: { dim: dims.map((size) => ({ size })) } });
  const node = (name: string, op: string, input: string[], attr: object) => ({
    name,
    op,
    input,
    attr,
  });
  const [float, int] = [{ type: 'DT_FLOAT' }, { type: 'DT_INT32' }];
  const nodes = [
    node('clips', 'Placeholder', [], { dtype: float, shape: shape(-1, 2, 2, 2, 1) }),
    node('flat/shape', 'Const', [], { dtype: int, value: { tensor: { dtype: 'DT_INT32' } } }),
    node('weights', 'Const', [], { dtype: float, value: { tensor: { dtype: 'DT_FLOAT' } } }),
    node('flat', 'Reshape', ['clips', 'flat/shape'], { T: float, Tshape: int }),
    node('logits', 'MatMul', ['flat', 'weights'], { T: float }),
    node('probabilities', 'Softmax', ['logits'], { T: float }),
  ];
  const weights = [
    { name: 'flat/shape', shape: [2], dtype: 'int32' },
    { name: 'weights', shape: [8, 3], dtype: 'float32' },
  ];
  const json = {
    format: 'graph-model',
    modelTopology: { node: nodes, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'], weights }],
  };
  const bytes = Buffer.concat([
    Buffer.from(Int32Array.of(-1, 8).buffer),
    Buffer.from(floats.buffer),
  ]);
  await mkdir(folder);
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  await writeFile(join(folder, 'group1-shard1of2.bin'), bytes.subarray(0, 50));
  await writeFile(join(folder, 'group1-shard2of2.bin'), bytes.subarray(50));
  return floats;
}

describe('openModelExtractor', () => {
  it('opens a layers model: features of a layer, probabilities of its output', async () => {
    await expectNoLeaks(async () => {
      const model = classifier();
      await saveModel(model, folder);
      const extractor = await openModelExtractor(folder, {
        channels: 'rgb',
        size: [6, 6],
        features: 'conv',
        pool: true,
        probabilities: 'logits',
        softmax: true,
      });
      expect(extractor).toMatchObject({ name: 'c3d', featureSize: 5, classes: 7 });
      expect(extractor.resize).toBe(
        'rgb, bilinear to 6x6, BTHWC; features of conv, pooled; probabilities of logits by softmax',
      );
      const files = ['model.json', 'weights.bin'].map((file) => readFile(join(folder, file)));
      expect(extractor.fingerprint).toBe(await sha256(...(await Promise.all(files))));

      const clips = tf.randomUniform<tf.Rank.R5>([3, 4, 6, 6, 1], -1, 1, 'float32', 1);
      const { features, probabilities } = await extractor.extract(clips);
      tf.tidy(() => {
        const rgb = clips.tile([1, 1, 1, 1, 3]);
        const conv = model.getLayer('conv').apply(rgb) as tf.Tensor;
        expectClose(tf.tensor2d(features, [3, 5]), conv.mean([1, 2, 3]), 1e-5);
        const expected = tf.softmax(model.predict(rgb) as tf.Tensor);
        expectClose(tf.tensor2d(probabilities!, [3, 7]), expected, 1e-5);
      });
      extractor.dispose();
      clips.dispose();
      model.dispose();
    });
  });

  it('opens a graph model of two files of weights', async () => {
    const weights = await writeGraph();
    await expectNoLeaks(async () => {
      const extractor = await openModelExtractor(join(folder, 'model.json'), {
        features: 'logits',
        probabilities: 'probabilities',
      });
      expect(extractor).toMatchObject({ name: 'c3d', featureSize: 3, classes: 3 });
      const clips = tf.randomUniform<tf.Rank.R5>([4, 2, 2, 2, 1], -1, 1, 'float32', 1);
      const { features, probabilities } = await extractor.extract(clips);
      tf.tidy(() => {
        const logits = tf.matMul(clips.reshape([4, 8]), tf.tensor2d(weights, [8, 3]));
        expectClose(tf.tensor2d(features, [4, 3]), logits as tf.Tensor, 1e-5);
        expectClose(tf.tensor2d(probabilities!, [4, 3]), tf.softmax(logits as tf.Tensor), 1e-5);
      });
      clips.dispose();
      extractor.dispose();
    });
  });

  it('feeds a model of a fixed batch of one clip by clip', async () => {
    const [one, any] = [classifier([1, 4, 6, 6, 3]), classifier()];
    any.setWeights(one.getWeights());
    await saveModel(one, folder);
    await saveModel(any, join(folder, 'any'));
    const clips = tf.randomUniform<tf.Rank.R5>([3, 4, 6, 6, 3], -1, 1, 'float32', 1);
    const options = { features: 'flat', probabilities: 'logits' };
    const [a, b] = await Promise.all([
      openModelExtractor(folder, options),
      openModelExtractor(join(folder, 'any'), options),
    ]);
    await expectNoLeaks(async () => {
      const [byOne, atOnce] = [await a.extract(clips), await b.extract(clips)];
      expect(byOne.features).toHaveLength(3 * a.featureSize);
      byOne.features.forEach((x, i) => expect(x).toBeCloseTo(atOnce.features[i], 5));
      byOne.probabilities!.forEach((x, i) => expect(x).toBeCloseTo(atOnce.probabilities![i], 5));
    });
    for (const each of [clips, one, any, a, b]) each.dispose();
  });

  it('refuses a model whose layers wait for one that never comes', async () => {
    const model = classifier();
    await saveModel(model, folder);
    model.dispose();
    const path = join(folder, 'model.json');
    const json = JSON.parse(await readFile(path, 'utf8'));
    const config = { ...json.modelTopology.config };
    const input = { name: 'in', class_name: 'InputLayer', config: { name: 'in' } };
    const last = { ...config.layers.at(-1), name: 'last', inbound_nodes: [[['gone', 0, 0, {}]]] };
    const layers = [{ ...input, inbound_nodes: [] }, last];
    json.modelTopology = { class_name: 'Model', config: { ...config, layers } };
    await writeFile(path, JSON.stringify(json));
    await expect(openModelExtractor(folder)).rejects.toThrow(
      /model.json: the inputs of its layer last never come$/,
    );
  });

  it('says in one line what is wrong with an extractor, and leaks nothing', async () => {
    const conv = { filters: 5, kernelSize: 3, name: 'conv', inputShape: [4, null, null, 3] };
    const model = tf.sequential({ layers: [tf.layers.conv3d(conv)] });
    await saveModel(model, folder);
    model.dispose();
    const open = (options?: Parameters<typeof openModelExtractor>[1]) =>
      openModelExtractor(folder, options);
    await expectNoLeaks(async () => {
      await expect(openModelExtractor(join(folder, 'none'))).rejects.toThrow(
        /^cannot read the extractor .*none: there is no such file or folder \(ENOENT\)$/,
      );
      await expect(open()).rejects.toThrow(/^c3d takes \[\?, 4, \?, \?, 3\] \(BTHWC\): say size$/);
      await expect(open({ size: [6, 6], channels: 'gray' })).rejects.toThrow(
        /^c3d takes \[\?, 4, \?, \?, 3\] \(BTHWC\), clips are \[1, 4, 6, 6, 1\]: set frames/,
      );
      await expect(open({ size: [6, 6], features: 'none' })).rejects.toThrow(
        /^c3d has no layer "none"; there is: .*conv$/,
      );
      await expect(open({ sizes: 6 } as object)).rejects.toThrow(
        /^c3d: unknown option "sizes", did you mean "size"\?$/,
      );
      const extractor = await open({ size: [6, 6] });
      const clips = tf.zeros<tf.Rank.R5>([2, 5, 8, 8, 3]);
      await expect(extractor.extract(clips)).rejects.toThrow(
        /^c3d takes \[\?, 4, \?, \?, 3\] \(BTHWC\), clips are \[2, 5, 6, 6, 3\]: set frames/,
      );
      clips.dispose();
      extractor.dispose();
    });
    await truncate(join(folder, 'weights.bin'), 100);
    await expect(open()).rejects.toThrow(/model.json: the weights have 100 bytes, the model needs/);
    await writeFile(join(folder, 'model.json'), '{"modelTopology":');
    await expect(open()).rejects.toThrow(/model.json is not a TensorFlow.js model$/);
    await writeFile(
      join(folder, 'model.json'),
      JSON.stringify({ modelTopology: { class_name: 'None' }, weightsManifest: [] }),
    );
    const error: Error = await open().catch((thrown) => thrown);
    expect(error.name).toBe('MetricsError');
    expect(error.message).toMatch(/^.*model.json: .+$/);
  });

  it('refuses networks that take no clips, or give too many features', async () => {
    const flat = tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: 1 })] });
    await saveModel(flat, folder);
    flat.dispose();
    await expect(openModelExtractor(folder)).rejects.toThrow(
      /^c3d takes \[\?, 3\], not clips of 5 axes \(BTHWC\)$/,
    );
    const wide = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [4, 64, 64, 1] })],
    });
    await saveModel(wide, folder);
    wide.dispose();
    await expect(openModelExtractor(folder)).rejects.toThrow(
      /^c3d: 16384 features are more than 8192: take a later output, or pool: true$/,
    );
  });
});
