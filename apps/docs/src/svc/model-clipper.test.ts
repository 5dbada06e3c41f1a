import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelClipper } from './model-clipper.js';

/** A model as `model.save` writes it, by the same paths as those of a folder that was dropped. */
async function filesOf(model: tf.LayersModel): Promise<Map<string, Blob>> {
  const files = new Map<string, Blob>();
  await model.save(
    tf.io.withSaveHandler(async ({ weightData, weightSpecs, modelTopology }) => {
      const weightsManifest = [{ paths: ['group1-shard1of1.bin'], weights: weightSpecs }];
      files.set('model.json', new Blob([JSON.stringify({ modelTopology, weightsManifest })]));
      files.set('group1-shard1of1.bin', new Blob([weightData as ArrayBuffer]));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  return files;
}

const twice = () => tf.initializers.identity({ gain: 2 });

/** Doubles two numbers, and then adds them up. */
function doubling(): tf.Sequential {
  const layers = [
    tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: twice(), name: 'double' }),
    tf.layers.dense({ units: 1, kernelInitializer: 'ones', name: 'sum' }),
  ];
  return tf.sequential({ layers });
}

/** `tf.io.browserFiles` reads by this, which Node has not. */
class FileReader {
  onload?: (event: unknown) => void;
  readAsText(file: Blob) {
    void file.text().then((result) => this.onload?.({ target: { result } }));
  }
  readAsArrayBuffer(file: Blob) {
    void file.arrayBuffer().then((result) => this.onload?.({ target: { result } }));
  }
}

describe('ModelClipper', () => {
  beforeAll(async () => {
    Object.assign(globalThis, { FileReader });
    await registerSimdBackend({ threads: 1 });
    await tf.setBackend('simd');
  });

  it('measures kernels and layers before and after', async () => {
    const clipper = new ModelClipper();
    await clipper.open(await filesOf(doubling()));
    const { layers, gammas, skipped } = await clipper.clip(1);
    expect(layers.map(({ name }) => name)).toEqual(['double/kernel', 'sum/kernel']);
    const [double, sum] = layers;
    expect([...double.before.spectrum]).toEqual([2, 2].map((x) => expect.closeTo(x, 3)));
    expect([...double.after.spectrum]).toEqual([1, 1].map((x) => expect.closeTo(x, 3)));
    expect(double.before.norm).toBeCloseTo(2, 1);
    expect(double.after.norm).toBeCloseTo(1, 1);
    expect(sum.before.spectrum[0]).toBeCloseTo(Math.SQRT2, 3);
    expect(sum.after.spectrum[0]).toBeCloseTo(1, 3);
    expect({ gammas, skipped }).toEqual({ gammas: [], skipped: [] });
    clipper.dispose();
  });

  it('clips the weights of the file at every bound, not what the last bound made', async () => {
    const clipper = new ModelClipper();
    await clipper.open(await filesOf(doubling()));
    await clipper.clip(0.5);
    const { layers } = await clipper.clip(1.5);
    expect(layers[0].before.spectrum[0]).toBeCloseTo(2, 3);
    expect(layers[0].after.spectrum[0]).toBeCloseTo(1.5, 3);
    clipper.dispose();
  });

  it('gives back a model that it opens itself', async () => {
    const clipper = new ModelClipper();
    await clipper.open(await filesOf(doubling()));
    await clipper.clip(1);
    const files = await clipper.files();
    expect([...files.keys()]).toEqual(['model.json', 'weights.bin']);
    const blobs = Array.from(files, ([path, bytes]) => [path, new Blob([bytes as never])] as const);
    await clipper.open(new Map(blobs));
    const { layers } = await clipper.clip(3);
    expect(layers[0].before.spectrum[0]).toBeCloseTo(1, 3);
    clipper.dispose();
  });

  it('knows the norms of the other layers where one has none', async () => {
    const layers = [
      tf.layers.conv2d({ filters: 1, kernelSize: 3, dilationRate: 2, inputShape: [8, 8, 1] }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
    ];
    const clipper = new ModelClipper();
    await clipper.open(await filesOf(tf.sequential({ layers })));
    const [dilated, dense] = (await clipper.clip(1)).layers;
    expect([dilated.before.norm, dilated.after.norm]).toEqual([undefined, undefined]);
    expect(dense.before.norm).toBeCloseTo(4, 1);
    clipper.dispose();
  });

  it('names batch norms that it clipped, and weights that it left alone', async () => {
    const layers = [
      tf.layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 2, name: 'words' }),
      tf.layers.batchNormalization({
        ...{ name: 'norm', gammaInitializer: 'ones' },
        movingVarianceInitializer: tf.initializers.constant({ value: 0.25 }),
      }),
    ];
    const clipper = new ModelClipper();
    await clipper.open(await filesOf(tf.sequential({ layers })));
    const { gammas, skipped } = await clipper.clip(1);
    expect(gammas).toEqual(['norm/gamma: 2 of 2 channels']);
    expect(skipped).toEqual([expect.stringMatching(/^words\/embeddings/)]);
    clipper.dispose();
  });

  it('has an example whose layers stretch more than their kernels', async () => {
    const clipper = new ModelClipper();
    clipper.openExample();
    const [{ name, after }] = (await clipper.clip(1)).layers;
    expect(name).toBe('conv0/kernel');
    expect(after.spectrum[0]).toBeLessThan(1.001);
    expect(after.norm).toBeGreaterThan(1.01);
    clipper.dispose();
  });

  it('keeps no tensors', async () => {
    const { numTensors } = tf.memory();
    const clipper = new ModelClipper();
    clipper.openExample();
    await clipper.clip(1);
    clipper.openExample();
    clipper.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('finds a model among other files, with the weights beside it', async () => {
    const [one, other] = [await filesOf(doubling()), await filesOf(doubling())];
    const files = new Map([
      ['config.json', new Blob(['null'])],
      ['picture.png', new Blob()],
      ...Array.from(one, ([path, file]) => [`models/one/${path}`, file] as const),
      ...Array.from(other, ([path, file]) => [`models/other/${path}`, file] as const),
    ]);
    const clipper = new ModelClipper();
    await clipper.open(files);
    expect((await clipper.clip(1)).layers).toHaveLength(2);
    clipper.dispose();
  });

  it('says what is missing', async () => {
    const clipper = new ModelClipper();
    await expect(clipper.clip(1)).rejects.toThrow('no model is open');
    const files = new Map([
      ['model.json', new Blob([JSON.stringify({ modelTopology: { node: [] } })])],
      ['other.json', new Blob(['{'])],
    ]);
    await expect(clipper.open(files)).rejects.toThrow('no model.json of a LayersModel');
    const [[path, json]] = await filesOf(doubling());
    await expect(clipper.open(new Map([[path, json]]))).rejects.toThrow('no group1-shard1of1.bin');
  });
});
