import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  clipKernelSync,
  clipModel,
  clipModelSync,
  clipOperatorNorms,
  operatorNorms,
  ProjectionCallback,
  spectralNormalize,
  SvcCallback,
  SvcConstraint,
} from './index.js';

const random = new Random(31);

const critic = (kernelConstraint?: SvcConstraint) =>
  tf.sequential({
    layers: [tf.layers.dense({ units: 6, inputShape: [5], name: 'hidden', kernelConstraint })],
  });

const large = () => [tf.tensor2d(random.uniform(30, -3, 3), [5, 6]), tf.zeros([6])];

describe('SvcConstraint', () => {
  it('clips what is written to a layer', async () => {
    const model = critic(new SvcConstraint());
    const weights = large();
    await expectNoLeaks(() => model.setWeights(weights));
    const expected = clipKernelSync(weights[0], 'convolution');
    expectClose(model.getWeights()[0], expected, 1e-6);
    const bad = tf.fill([5, 6], NaN);
    expect(() => model.setWeights([bad, weights[1]])).toThrow(/^hidden\/kernel\S* holds NaN/);
    tf.dispose([...weights, expected, bad]);
    model.dispose();
  });

  it('is saved and loaded with its model', async () => {
    const build = () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 12, inputShape: [5], kernelConstraint: new SvcConstraint() }),
          tf.layers.reshape({ targetShape: [2, 2, 3] }),
          tf.layers.conv2dTranspose({
            filters: 2,
            kernelSize: 2,
            kernelConstraint: new SvcConstraint({ layout: 'transposed' }),
          }),
        ],
      });
    const model = build();
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    expect(loaded.layers[2].getConfig()['kernelConstraint']).toEqual({
      className: 'TganSvcConstraint',
      config: { layout: 'transposed', bound: 1 },
    });
    const kernel = tf.tensor4d(random.uniform(24, -3, 3), [2, 2, 2, 3]);
    loaded.layers[2].setWeights([kernel, tf.zeros([2])]);
    expectClose(loaded.layers[2].getWeights()[0], clipKernelSync(kernel, 'transposed'), 1e-6);
    expect(() => new SvcConstraint({ layout: 'dense' as 'convolution' })).toThrow(
      /expected a layout of convolution, transposed, depthwise; got dense/,
    );
    model.dispose();
    loaded.dispose();
  });

  it('is passed over by optimizers, as its documentation says', () => {
    const model = critic(new SvcConstraint());
    tf.tidy(() => {
      model.setWeights(large());
      const [kernel] = model.trainableWeights.map((w) => w.read() as tf.Variable);
      const old = kernel.clone();
      tf.train.sgd(1).minimize(() => tf.sum(tf.mul(kernel, -10)) as tf.Scalar, false, [kernel]);
      expectClose(kernel, old.add(10), 1e-6);
    });
    model.dispose();
  });
});

describe('ProjectionCallback', () => {
  it('calls any projection, and waits for it', async () => {
    const projections: [(model: tf.LayersModel) => unknown, number][] = [
      [spectralNormalize, 1],
      [(model) => clipOperatorNorms(model, { bound: 2 }), 2],
      [(model) => clipModel(model, { bound: 0.5 }), 0.5],
    ];
    for (const [project, largest] of projections) {
      const model = critic();
      model.setWeights(large());
      model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError' });
      const [x, y] = [tf.tensor2d(random.uniform(60, -1, 1), [12, 5]), tf.fill([12, 6], 40)];
      const callbacks = new ProjectionCallback(project, { every: 2 });
      await model.fit(x, y, { batchSize: 4, verbose: 0, callbacks });
      const [{ kernel }] = await operatorNorms(model);
      expect(Math.abs(kernel - largest)).toBeLessThan(0.02 * largest);
      tf.dispose([x, y]);
      model.dispose();
    }
  });
});

describe('SvcCallback', () => {
  it('clips every few batches, counted over epochs, and at the end of fit', async () => {
    const model = critic();
    model.compile({ optimizer: tf.train.sgd(0.5), loss: 'meanSquaredError' });
    const [x, y] = [tf.tensor2d(random.uniform(60, -1, 1), [12, 5]), tf.fill([12, 6], 40)];
    const kernel = model.trainableWeights[0].read();
    const clippedAfter: number[] = [];
    let batch = 0;
    const note = new tf.CustomCallback({
      onBatchEnd: async () => {
        batch++;
        tf.tidy(() => {
          const clipped = clipKernelSync(kernel, 'convolution');
          if (clipped.sub(kernel).abs().max().dataSync()[0] === 0) clippedAfter.push(batch);
        });
      },
    });
    const fit = (callbacks: tf.ModelFitArgs['callbacks']) =>
      model.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0, callbacks });
    const sigma = async () => (await clipModel(model, { measure: false })).kernels[0].before;

    await fit([note]);
    expect(clippedAfter).toEqual([]);
    expect(await sigma()).toBeGreaterThan(1.01);

    batch = 0;
    await fit([new SvcCallback({ every: 4 }), note]);
    expect(clippedAfter).toEqual([4]);
    expect(await sigma()).toBeLessThanOrEqual(1 + 1e-5);

    tf.dispose([x, y]);
    model.dispose();
  });

  it('can clip another model than the one that fit trains, and leaves that one alone', async () => {
    const [inner, outer] = [critic(), critic()];
    for (const model of [inner, outer]) model.setWeights(large());
    outer.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
    const [x, y] = [tf.zeros([2, 5]), tf.zeros([2, 6])];
    await outer.fit(x, y, { verbose: 0, callbacks: new SvcCallback({ critic: inner }) });
    expect(clipModelSync(inner).kernels[0].before).toBeLessThanOrEqual(1 + 1e-5);
    expect(clipModelSync(outer).kernels[0].before).toBeGreaterThan(1.01);
    tf.dispose([x, y]);
    inner.dispose();
    outer.dispose();
  });

  it('refuses to clip every 0 batches, and misspelt options', () => {
    expect(() => new SvcCallback({ every: 0 })).toThrow(/every must be a whole number from 1 up/);
    expect(() => new SvcCallback({ often: 3 } as object)).toThrow(
      /^SvcCallback: unknown option "often"/,
    );
    expect(() => new SvcConstraint({ bond: 3 } as object)).toThrow(
      /^SvcConstraint: unknown option "bond"; the options are: layout, bound$/,
    );
  });
});
