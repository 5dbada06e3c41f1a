import { readFile } from 'node:fs/promises';
import { parseSafetensors } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LiveRun, readDigits, type LiveConfig } from './live-run.js';

const published = (path: string) => readFile(new URL(`../../public/${path}`, import.meta.url));

/** Quick to train, and of the same parts as the preset. */
const narrow = {
  ...{ batchSize: 2, steps: 10, latentSize: 4, frames: 4 },
  ...{ temporalWidths: [4, 4], temporalTerms: 2, imageWidths: [8, 4] },
  ...{ criticWidths: [4], frameCriticWidths: [4, 4] },
};

describe('LiveRun', () => {
  let digits: Uint8Array;
  let preset: LiveConfig;
  beforeAll(async () => {
    digits = await published('data/mnist-digits.npz');
    preset = parse(String(await published('models/moving-mnist-tiny/config.yaml')));
  });
  const start = (changes = {}) => LiveRun.start({ ...preset, ...narrow, ...changes }, digits);

  it('trains alike from the same seed', async () => {
    const train = async (changes = {}) => {
      const run = await start(changes);
      const values = [(await run.step()).value, (await run.step()).value];
      const { data } = await run.samples();
      run.dispose();
      return { values, data };
    };
    const first = await train();
    expect(first.values.every(Number.isFinite)).toBe(true);
    expect(first.values[1]).not.toBe(first.values[0]);
    expect(await train()).toEqual(first);
    expect((await train({ seed: 1 })).values).not.toEqual(first.values);
  });

  it('shows the same latents each time, and training changes them', async () => {
    const run = await start();
    const before = await run.samples();
    expect(before.shape).toEqual([20, 4, 32, 32, 1]);
    expect(await run.samples()).toEqual(before);
    await run.step();
    expect((await run.samples()).data).not.toEqual(before.data);
    expect(run).toMatchObject({ steps: 10, stepsDone: 1 });
    run.dispose();
  });

  it('saves what tgan import reads', async () => {
    const run = await start();
    await run.step();
    const { arrays, metadata } = parseSafetensors(await run.weights());
    expect(JSON.parse(metadata.config)).toEqual({ ...preset, ...narrow });
    expect(JSON.parse(metadata.labels)).toEqual([...'0123456789']);
    expect(new Set([...arrays.keys()].map((name) => name.split('/')[0]))).toEqual(
      new Set(['temporal-generator', 'image-generator', 'critic']),
    );
    run.dispose();
  });

  it('has no labels for a model without classes', async () => {
    const run = await start({ classes: 0 });
    await run.step();
    expect((await run.samples()).shape[0]).toBe(20);
    expect(JSON.parse(parseSafetensors(await run.weights()).metadata.labels)).toEqual([]);
    run.dispose();
  });

  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const run = await start();
    await run.step();
    const training = tf.memory().numTensors;
    await run.step();
    await run.samples();
    await run.weights();
    expect(tf.memory().numTensors).toBe(training);
    run.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a wrong configuration', async () => {
    await expect(start({ objective: 'hing' })).rejects.toThrow('did you mean "hinge"');
    await expect(start({ learningRate: -1 })).rejects.toThrow('learningRate');
  });
});

describe('readDigits', () => {
  it('reads the published digits: 50 of each label', async () => {
    const { count, size, pixels, labels } = readDigits(await published('data/mnist-digits.npz'));
    expect({ count, size, bytes: pixels.length }).toEqual({ count: 500, size: 28, bytes: 392_000 });
    expect([...labels]).toEqual(Array.from({ length: 500 }, (_, i) => Math.floor(i / 50)));
  });
});
