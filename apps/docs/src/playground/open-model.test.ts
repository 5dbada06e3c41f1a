import { readFile } from 'node:fs/promises';
import { Random } from '@tgan/core';
import { formatWeightsFile, weightsOf } from '@tgan/runs/weights';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { hostedModels } from './hosted.js';
import { openModel, type OpenModel } from './open-model.js';

const [hosted] = hostedModels;
const folder = new URL(`../../public/models/${hosted.name}/`, import.meta.url);
const paths = [
  'config.yaml',
  'labels.json',
  ...hosted.networks.flatMap((name) => [`models/${name}/model.json`, `models/${name}/weights.bin`]),
];

/** The files of the site's model, changed by a test. */
let files: Map<string, Blob>;
let config: Record<string, unknown>;
let trained: OpenModel;
let video: number[];

async function siteFiles(): Promise<Map<string, Blob>> {
  const entries = paths.map(async (path): Promise<[string, Blob]> => [
    path,
    new Blob([await readFile(new URL(path, folder))]),
  ]);
  return new Map(await Promise.all(entries));
}

function sampled({ model }: OpenModel): number[] {
  return tf.tidy(() => {
    const labels = tf.tensor1d([3], 'int32');
    return Array.from(model.sample(1, new Random(1), { labels }).dataSync());
  });
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  files = await siteFiles();
  config = parse(await files.get('config.yaml')!.text()) as Record<string, unknown>;
  trained = await openModel(files);
  video = sampled(trained);
});
beforeEach(async () => void (files = await siteFiles()));
afterAll(() => trained.model.dispose());

it("opens the site's model with its weights and labels", () => {
  expect(trained.labels).toEqual(Array.from({ length: 10 }, (_, i) => String(i)));
  // Fresh weights would draw a gray fog.
  expect(Math.min(...video)).toBeLessThan(-0.99);
  expect(Math.max(...video)).toBeGreaterThan(0.8);
});

it('opens a .safetensors of the same weights', async () => {
  const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`);
  const bytes = formatWeightsFile({ config, labels, arrays: await weightsOf(trained.model) });
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const opened = await openModel(new Map([['digits.safetensors', file]]));
  expect(opened.labels).toEqual(labels);
  expect(sampled(opened)).toEqual(video);
  opened.model.dispose();
});

it('numbers labels that have no names', async () => {
  for (const names of [undefined, '{"0": "zero"}', 'no JSON']) {
    if (names === undefined) files.delete('labels.json');
    else files.set('labels.json', new Blob([names]));
    const { labels, model } = await openModel(files);
    expect(labels[9]).toBe('9');
    model.dispose();
  }
});

it.each(['config.yaml', 'models/image-generator/weights.bin'])(
  'says that %s is missing, and keeps no weights',
  async (path) => {
    files.delete(path);
    const { numTensors } = tf.memory();
    await expect(openModel(files)).rejects.toThrow(`there is no ${path} here; drop the folder`);
    expect(tf.memory().numTensors).toBe(numTensors);
  },
);

it('refuses a configuration that is none, and weights that do not fit', async () => {
  files.set('config.yaml', new Blob(['tiny']));
  await expect(openModel(files)).rejects.toThrow('config.yaml is not a configuration');
  files.set('config.yaml', new Blob([stringify({ ...config, imageWidths: [64, 64] })]));
  await expect(openModel(files)).rejects.toThrow(
    'the weights in models/image-generator are not those of the model in config.yaml',
  );
});

it('refuses a .safetensors without a configuration', async () => {
  const { formatSafetensors } = await import('@tgan/wgan-trainer');
  const bytes = formatSafetensors({ arrays: new Map(), metadata: {} });
  const file = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  await expect(openModel(new Map([['other.safetensors', file]]))).rejects.toThrow(
    'the file has no configuration',
  );
});
