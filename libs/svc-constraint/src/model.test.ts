import { Random } from '@tgan/core';
import { expectClose, expectNoLeaks } from '@tgan/tensor-fixtures';
import * as tf from '@tensorflow/tfjs';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  clipKernel,
  clipModel,
  clipModelSync,
  type ClipModelOptions,
  clipWeights,
  NonFiniteWeightError,
  operatorNorms,
} from './index.js';

const random = new Random(21);

/** Gives every weight of a model large random values, running variances positive ones. */
function randomize<Model extends tf.LayersModel>(model: Model): Model {
  tf.tidy(() => {
    for (const weight of model.weights) {
      const positive = /variance/.test(weight.name);
      const values = random.uniform(
        weight.shape.reduce<number>((a, b) => a * b!, 1),
        positive ? 0.5 : -2,
        2,
      );
      (weight.read() as tf.Variable).assign(tf.tensor(values, weight.shape as number[]));
    }
  });
  return model;
}

/**
 * Someone's critic: every kind of layer with a kernel that tfjs has, a nested model and a wrapped
 * layer.
 */
function foreignCritic(): tf.LayersModel {
  const features = tf.sequential({
    name: 'features',
    layers: [
      tf.layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [8, 8, 2], name: 'conv' }),
      tf.layers.batchNormalization({ name: 'norm' }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, name: 'depthwise' }),
      tf.layers.separableConv2d({ filters: 5, kernelSize: 2, name: 'separable' }),
      tf.layers.conv2dTranspose({ filters: 4, kernelSize: 3, name: 'up' }),
      tf.layers.reshape({ targetShape: [6, 24] }),
    ],
  });
  const input = tf.input({ shape: [8, 8, 2] });
  let x = features.apply(input) as tf.SymbolicTensor;
  x = tf.layers
    .timeDistributed({ layer: tf.layers.dense({ units: 8 }), name: 'each' })
    .apply(x) as tf.SymbolicTensor;
  x = tf.layers.conv1d({ filters: 4, kernelSize: 3, name: 'along' }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.batchNormalization({ scale: false, name: 'plain' }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.lstm({ units: 3, name: 'memory' }).apply(x) as tf.SymbolicTensor;
  const score = tf.layers.dense({ units: 1, name: 'score' }).apply(x) as tf.SymbolicTensor;
  return randomize(tf.model({ inputs: input, outputs: score, name: 'critic' }));
}

const valuesOf = (model: tf.LayersModel) => model.weights.map((w) => [...w.read().dataSync()]);

describe('clipModel', () => {
  it("walks someone else's critic and clips every kernel and scale in place", async () => {
    const model = foreignCritic();
    const before = valuesOf(model);
    const variables = model.weights.map((w) => w.read());
    const report = await expectNoLeaks(() => clipModel(model));

    expect(report.kernels.map(({ name }) => name)).toEqual([
      'features/conv/kernel',
      'features/depthwise/depthwiseKernel',
      'features/separable/depthwiseKernel',
      'features/separable/pointwiseKernel',
      'features/up/kernel',
      'each/kernel',
      'along/kernel',
      'memory/kernel',
      'memory/recurrentKernel',
      'score/kernel',
    ]);
    for (const { name, before, after } of report.kernels) {
      expect(before, name).toBeGreaterThan(1.01);
      expect(after, name).toBeLessThanOrEqual(1 + 1e-5);
      expect(after, name).toBeGreaterThan(1 - 1e-5);
    }
    expect(report.gammas).toHaveLength(1);
    expect(report.gammas[0]).toMatchObject({ name: 'features/norm/gamma', channels: 6 });
    expect(report.gammas[0].clipped).toBeGreaterThan(0);
    expect(report.skipped).toEqual([]);

    expect(model.weights.map((w) => w.read())).toEqual(variables);
    const after = valuesOf(model);
    model.weights.forEach(({ originalName }, i) => {
      const constrained = /(kernel|gamma)$/i.test(originalName);
      expect(JSON.stringify(after[i]) !== JSON.stringify(before[i]), originalName).toBe(
        constrained,
      );
    });

    const again = await clipModel(model);
    expect(valuesOf(model)).toEqual(after);
    expect(again.kernels.every(({ before, after }) => before === after)).toBe(true);
    expect(again.gammas[0].clipped).toBe(0);
    model.dispose();
  });

  it('reports every singular value of a kernel, as a decomposition by a library has them', async () => {
    const model = foreignCritic();
    const matrix = model.getLayer('score').getWeights()[0];
    const exact = new SingularValueDecomposition(new Matrix(matrix.arraySync() as number[][]));
    const wide = model.getLayer('along').getWeights()[0];
    const flat = wide.reshape([-1, wide.shape.at(-1)!]).arraySync() as number[][];
    const exactWide = new SingularValueDecomposition(new Matrix(flat));
    const { kernels } = await clipModel(model, { measure: false });
    const spectrumOf = (name: string) => kernels.find((kernel) => kernel.name === name)!.spectrum;
    for (const [name, { diagonal }] of [
      ['score/kernel', exact],
      ['along/kernel', exactWide],
    ] as const) {
      const spectrum = spectrumOf(name);
      expect(spectrum).toHaveLength(diagonal.length);
      diagonal.forEach((value, i) => {
        expect(Math.abs(spectrum[i] - value), name).toBeLessThan(3e-4 * diagonal[0]);
      });
    }
    expect(kernels.every(({ spectrum, before }) => spectrum[0] === before)).toBe(true);
    model.dispose();
  });

  it('does the same blocking as awaiting, and without measuring', async () => {
    const model = foreignCritic();
    const weights = model.weights.map((w) => w.read().clone());
    const awaited = await clipModel(model);
    const values = valuesOf(model);
    model.weights.forEach((w, i) => (w.read() as tf.Variable).assign(weights[i]));
    const blocking = await expectNoLeaks(() => clipModelSync(model));
    expect(blocking).toEqual(awaited);
    expect(valuesOf(model)).toEqual(values);

    model.weights.forEach((w, i) => (w.read() as tf.Variable).assign(weights[i]));
    const { kernels } = await expectNoLeaks(() => clipModel(model, { measure: false }));
    expect(kernels).toEqual(awaited.kernels.map((kernel) => ({ ...kernel, after: undefined })));
    expect(valuesOf(model)).toEqual(values);
    tf.dispose(weights);
    model.dispose();
  });

  it('clips to another bound, and only the layers that are chosen', async () => {
    const model = foreignCritic();
    const before = valuesOf(model);
    const options = {
      bound: 1.5,
      layers: ({ name }: tf.layers.Layer) => name === 'each' || name === 'score',
    };
    const score = model.getLayer('score').getWeights()[0].clone();
    const report = await expectNoLeaks(() => clipModel(model, options));
    expect(report.kernels.map(({ name }) => name)).toEqual(['each/kernel', 'score/kernel']);
    for (const { before, after, spectrum } of report.kernels) {
      expect(before).toBeGreaterThan(1.51);
      expect(spectrum[0]).toBe(before);
      expect(after).toBeLessThanOrEqual(1.5 * (1 + 1e-5));
      expect(after).toBeGreaterThan(1.5 * (1 - 1e-5));
    }
    // The same as clipping the kernel in units of the bound.
    const halves = await clipKernel(score.div(1.5), 'convolution');
    expectClose(model.getLayer('score').getWeights()[0], halves.mul(1.5), 1e-5);
    expect(report.gammas).toEqual([]);
    expect(report.skipped).toHaveLength(8);
    const changed = valuesOf(model).filter((values, i) => String(values) !== String(before[i]));
    expect(changed).toHaveLength(2);
    tf.dispose([score, halves]);
    model.dispose();
  });

  it('clips both kernels of recurrent layers, also stacked ones and ones in both directions', async () => {
    const cells = [tf.layers.lstmCell({ units: 4 }), tf.layers.gruCell({ units: 3 })];
    const model = randomize(
      tf.sequential({
        layers: [
          tf.layers.bidirectional({
            layer: tf.layers.gru({ units: 3, returnSequences: true }) as tf.RNN,
            mergeMode: 'concat',
            inputShape: [5, 2],
            name: 'both',
          }),
          tf.layers.rnn({ cell: cells, returnSequences: true, name: 'stack' }),
          tf.layers.simpleRNN({ units: 2, name: 'simple' }),
        ],
      }),
    );
    const { kernels, skipped } = await expectNoLeaks(() => clipModel(model));
    expect(skipped).toEqual([]);
    expect(kernels).toHaveLength(10);
    expect(new Set(kernels.map(({ name }) => name)).size).toBe(10);
    expect(kernels.at(-1)!.name).toBe('simple/recurrentKernel');
    for (const { after } of kernels) expect(after).toBeLessThanOrEqual(1 + 1e-5);
    const norms = await operatorNorms(model);
    for (const { kernel, operator } of norms) {
      expect(kernel).toBeLessThan(1 + 1e-3);
      expect(operator).toBe(kernel);
    }
    model.dispose();
  });

  it('refuses a misspelt option and a bound that is none', async () => {
    const model = foreignCritic();
    const options = { sigma: false } as ClipModelOptions;
    await expect(clipModel(model, options)).rejects.toThrow(
      'clipModel: unknown option "sigma"; the options are: bound, layers, gamma, measure',
    );
    expect(() => clipModelSync(model, options)).toThrow(TypeError);
    await expect(operatorNorms(model, { precision: 1 } as object)).rejects.toThrow(
      /unknown option "precision"/,
    );
    for (const bound of [0, -1, NaN, Infinity]) {
      await expect(clipModel(model, { bound })).rejects.toThrow(
        `clipModel: the bound must be a positive number, got ${bound}`,
      );
    }
    model.dispose();
  });

  it('leaves the scales of batch norms when told to, and takes either rule', async () => {
    const model = foreignCritic();
    const norm = (model.getLayer('features') as unknown as tf.LayersModel).getLayer('norm');
    const [gamma, , , variance] = norm.weights.map((w) => w.read());
    const old = [...gamma.dataSync()];
    expect((await clipModel(model, { gamma: false })).gammas).toEqual([]);
    expect([...gamma.dataSync()]).toEqual(old);
    await clipModel(model, { gamma: 'paper' });
    const high = [...variance.dataSync()].map((v) => Math.sqrt(v + 1e-3));
    expectClose(
      gamma,
      old.map((g, i) => Math.min(Math.max(g, 1e-6 * high[i]), high[i])),
      1e-6,
    );
    await expect(clipModel(model, { gamma: 'both' as 'paper' })).rejects.toThrow(
      /gamma is 'original', 'paper' or false; got both/,
    );
    model.dispose();
  });

  it('names the weight that holds NaN and leaves the whole model as it was', async () => {
    for (const name of ['along/kernel', 'features/norm/gamma', 'features/norm/moving_variance']) {
      const model = foreignCritic();
      const [layer, weight] = name.split('/').slice(-2);
      const variable = model.weights.find((w) => w.originalName === `${layer}/${weight}`)!.read();
      const values = variable.dataSync();
      values[2] = NaN;
      tf.tidy(() => (variable as tf.Variable).assign(tf.tensor(values, variable.shape)));
      const before = valuesOf(model);
      await expectNoLeaks(async () => {
        const error = await clipModel(model).catch((error: unknown) => error);
        expect(error).toBeInstanceOf(NonFiniteWeightError);
        expect((error as NonFiniteWeightError).weight).toContain(`${layer}/${weight}`);
        expect(() => clipModelSync(model)).toThrow(NonFiniteWeightError);
        // Now some kernels are done by the time the error comes.
        const quick = { measure: false };
        await expect(clipModel(model, quick)).rejects.toThrow(NonFiniteWeightError);
        expect(() => clipModelSync(model, quick)).toThrow(NonFiniteWeightError);
      });
      expect(valuesOf(model)).toEqual(before);
      model.dispose();
    }
  });

  it('says so when the model has no weights', async () => {
    const empty = tf.sequential({ name: 'critic' });
    await expect(clipModel(empty)).rejects.toThrow(/critic has no weights to constrain/);
  });

  it('knows a batch norm that someone else wrote by its weights', async () => {
    class OwnNorm extends tf.layers.Layer {
      static readonly className = 'OwnNormOfThisTest';
      readonly epsilon = 0.41;
      gamma!: tf.LayerVariable;
      movingVariance!: tf.LayerVariable;
      override build(): void {
        const weight = (name: string, value: number) =>
          this.addWeight(name, [2], 'float32', tf.initializers.constant({ value }));
        this.gamma = weight('gamma', 5);
        this.movingVariance = weight('running', 4);
      }
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
        return inputs;
      }
    }
    const input = tf.input({ shape: [2] });
    const norm = new OwnNorm({ name: 'own' });
    const model = tf.model({ inputs: input, outputs: norm.apply(input) as tf.SymbolicTensor });
    const { gammas } = await clipModel(model, { gamma: 'paper' });
    expect(gammas).toEqual([{ name: 'own/gamma', clipped: 2, channels: 2 }]);
    expectClose(norm.gamma.read(), [2.1, 2.1], 1e-6);
    clipModelSync(model, { gamma: 'original' });
    expectClose(norm.gamma.read(), [2, 2], 1e-6);
    model.dispose();
  });

  it('clips a shared layer once and a frozen one too', async () => {
    const shared = tf.layers.dense({ units: 4, name: 'shared' });
    const input = tf.input({ shape: [4] });
    const output = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
    const model = randomize(tf.model({ inputs: input, outputs: output }));
    model.trainable = false;
    const { kernels } = await clipModel(model);
    expect(kernels).toHaveLength(1);
    expect(kernels[0].after).toBeLessThanOrEqual(1 + 1e-5);
    model.dispose();
  });
});

describe('clipWeights', () => {
  it('clips all learned weights and no running statistics', async () => {
    const model = foreignCritic();
    const before = valuesOf(model);
    await expectNoLeaks(() => clipWeights(model, 0.5));
    model.weights.forEach((weight, i) => {
      const statistic = /moving/.test(weight.name);
      const expected = before[i].map((x) => (statistic ? x : Math.min(Math.max(x, -0.5), 0.5)));
      expect([...weight.read().dataSync()]).toEqual(expected);
    });
    expect(() => clipWeights(model, 0)).toThrow(/limit must be a positive number, got 0/);
    clipWeights(model);
    expect(Math.max(...valuesOf(model)[0].map(Math.abs))).toBeCloseTo(0.01, 8);
    model.dispose();
  });
});
