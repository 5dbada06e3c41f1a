import { readFile } from 'node:fs/promises';
import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { hostedModels } from './hosted.js';
import { openModel } from './open-model.js';
import { firstScene } from './scene.js';
import { Studio, type VideoValues } from './studio.js';

const [hosted] = hostedModels;
const folder = new URL(`../../public/models/${hosted.name}/`, import.meta.url);
const files = new Map<string, Blob>();
const studio = new Studio();

beforeAll(async () => {
  const networks = hosted.networks.flatMap((name) =>
    ['model.json', 'weights.bin'].map((file) => `models/${name}/${file}`),
  );
  for (const path of ['config.yaml', 'labels.json', ...networks]) {
    files.set(path, new Blob([await readFile(new URL(path, folder))]));
  }
  await studio.useBackend('cpu');
});

const off = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

/** The values of one frame. */
const frame = ({ data, shape: [, , height, width, channels] }: VideoValues, i: number) =>
  data.subarray(i * height * width * channels, (i + 1) * height * width * channels);

it('makes nothing before a model is open', async () => {
  expect(() => studio.videos(firstScene, [0])).toThrow('no model is open');
});

it('makes the videos that the model samples, whichever are asked for', async () => {
  const facts = await studio.open(files);
  expect(facts).toMatchObject({ frames: 16, imageSize: 32, temporal: true });
  const { model } = await openModel(files);
  const turn = tf.tensor1d(
    Array.from({ length: 16 }, (_, video) => video % 10),
    'int32',
  );
  const sampled = model.sample(16, new Random(1), { labels: turn });
  const { data, shape } = await studio.videos(firstScene, [12, 3]);
  expect(shape).toEqual([2, 16, 32, 32, 1]);
  const picked = tf.tidy(() => sampled.gather(tf.tensor1d([12, 3], 'int32')).dataSync());
  expect(off(data, picked)).toBeLessThan(1e-5);
  model.dispose();
});

it('puts frames between frames, and changes none', async () => {
  const video = await studio.videos(firstScene, [2]);
  const more = await studio.between(firstScene, 2, 4);
  expect(more.shape).toEqual([1, 61, 32, 32, 1]);
  expect(off(frame(more, 8), frame(video, 2))).toBeLessThan(1e-5);
});

it('goes from a video to another with its label', async () => {
  const film = await studio.transition(firstScene, 5, 2);
  const first = await studio.videos(firstScene, [5]);
  const last = await studio.videos({ ...firstScene, label: 5 }, [2]);
  expect(off(frame(film, 0), frame(first, 0))).toBeLessThan(1e-5);
  expect(off(frame(film, film.shape[1] - 1), frame(last, 15))).toBeLessThan(1e-5);
});

it('moves latents along directions, which a model forgets that is opened', async () => {
  const names = await studio.directions();
  expect(names).toHaveLength(8);
  const scene = { ...firstScene, moves: [0, 2] };
  const [still, moved] = [await studio.videos(firstScene, [0]), await studio.videos(scene, [0])];
  expect(off(still.data, moved.data)).toBeGreaterThan(0.1);
  await studio.open(files);
  expect(off((await studio.videos(scene, [0])).data, still.data)).toBe(0);
});

it('keeps the model when another cannot be opened', async () => {
  await expect(studio.open(new Map([['notes.txt', new Blob()]]))).rejects.toThrow(
    'there is no config.yaml',
  );
  expect((await studio.videos(firstScene, [0])).shape).toEqual([1, 16, 32, 32, 1]);
});

it('makes all videos alike without latents, and holds no tensors', async () => {
  const scene = { ...firstScene, label: 4, truncation: 0 };
  await studio.videos(scene, [0]);
  const { numTensors } = tf.memory();
  const [a, b] = [await studio.videos(scene, [0]), await studio.videos(scene, [9])];
  expect(off(a.data, b.data)).toBe(0);
  expect(tf.memory().numTensors).toBe(numTensors);
});

it('says when a backend is not there', async () => {
  await expect(studio.useBackend('none')).rejects.toThrow('does not run in this browser');
});
