// Makes what the figures of the site show before the model runs: src/model/still.json and the
// pictures of one video, and the real clips that the critic judges. By hand, when the model in
// apps/docs/public/models has changed:
//
//   npx nx run-many -t build
//   node tools/figures.mjs
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fromPixels, Random, toPixels } from '@tgan/core';
import { movingMnist } from '@tgan/datasets';
import { openRun } from '@tgan/runs';
import { transition } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';
import { format } from 'prettier';
import sharp from 'sharp';

const docs = new URL('../apps/docs/', import.meta.url);
const seed = 11;
const label = 3;
const digits = Array.from({ length: 10 }, (_, digit) => digit);
/** The first clips of each digit that a reader takes for it. */
const legible = [17, 6, 4, 8, 9, 5, 13, 19, 37, 16];

const run = await openRun(fileURLToPath(new URL('public/models/moving-mnist-tiny', docs)), {
  backend: 'simd',
  critic: true,
});
const gan = run.model;
const { frames, imageSize, spriteSize, classes } = gan.options;

// The first of two is also the only one of one.
const two = gan.latents(2, new Random(seed));
const [z0, end] = tf.split(two, 2);
const input = [z0, tf.oneHot(tf.tensor1d([label], 'int32'), classes).toFloat()];
const z1 = gan.temporalGenerator.predict(input);
const sprite = gan.imageGenerator.predict(input);
const video = gan.generate(z0, { labels: tf.tensor1d([label], 'int32') });
const way = transition(gan, z0, end, { steps: 7, path: 'spherical', label });
const real = await realClips();
const made = gan.generate(gan.latents(digits.length, new Random(1)), {
  labels: tf.tensor1d(digits, 'int32'),
});

const still = {
  seed,
  label,
  z0: rounded(z0),
  z1: rounded(z1),
  scores: { real: scoresOf(real), made: scoresOf(made) },
};
const json = await format(JSON.stringify(still), { parser: 'json', printWidth: 100 });
await writeFile(new URL('src/model/still.json', docs), json);
await write('sprite', [sprite], spriteSize);
await write('video', tf.split(video, frames, 1), imageSize);
// The middle frame of each video on the way.
await write('way', tf.split(way.slice([0, frames / 2], [-1, 1]), 7), imageSize);
await write('real', tf.split(real, frames, 1), imageSize);

/** A clip of each digit as the model was trained on. */
async function realClips() {
  const source = movingMnist({
    seed: 1,
    digits: 1,
    digitSize: 20,
    frames,
    imageSize,
    labeled: true,
  });
  const clips = await Promise.all(legible.map((index) => source.read(index)));
  const values = fromPixels(Buffer.concat(clips));
  return tf.tensor5d(values, [digits.length, frames, imageSize, imageSize, 1]);
}

function scoresOf(clips) {
  return rounded(gan.score(clips, { labels: tf.tensor1d(digits, 'int32') }));
}

/** Enough digits for a figure. */
function rounded(tensor) {
  return Array.from(tensor.dataSync(), (value) => Number(value.toFixed(4)));
}

/** Writes pictures side by side; each is a column of square ones. */
async function write(name, pictures, side) {
  const row = tf.concat(
    pictures.map((picture) => picture.reshape([-1, side])),
    1,
  );
  const [height, width] = row.shape;
  const raw = { width, height, channels: 1 };
  const file = fileURLToPath(new URL(`public/pictures/${name}.png`, docs));
  await sharp(toPixels(row.dataSync()), { raw }).toColorspace('b-w').png().toFile(file);
}
