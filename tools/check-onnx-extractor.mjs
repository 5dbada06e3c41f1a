// Does an extractor out of an ONNX file find the same in ONNX Runtime as TensorFlow.js does?
//
//   npx nx build @tgan/metrics
//   npm install --prefix FOLDER onnxruntime-node@1.30.0 --ignore-scripts
//   node tools/check-onnx-extractor.mjs FOLDER
//
// By hand, because ONNX Runtime is large. It writes a small network of 3-D convolutions, opens it
// as an extractor and compares features and probabilities. Then it damages the file. Passes up to
// 1e-5.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openOnnxExtractor } from '@tgan/metrics/node';
import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('node tools/check-onnx-extractor.mjs FOLDER_OF_ONNXRUNTIME');
const runtime = createRequire(join(resolve(folder), 'x'))('onnxruntime-node');
const random = new Random(1);

const channels = 4;
const classes = 6;
const kernel = random.uniform(channels * 3 * 27, -0.3, 0.3); // [out, in, time, height, width]
const dense = random.uniform(channels * classes, -1, 1); // [channels, classes]

const scratch = await mkdtemp(join(tmpdir(), 'tgan-onnx-'));
const path = join(scratch, 'small.onnx');
try {
  await writeFile(path, network());
  /** @type {Parameters<typeof openOnnxExtractor>[1]} */
  const options = {
    layout: 'BCTHW',
    channels: 'bgr',
    size: [12, 10],
    frames: 5,
    features: 'features',
    probabilities: 'logits',
    softmax: true,
  };
  const extractor = await openOnnxExtractor(path, options, runtime);
  const clips = tf.tensor5d(random.uniform(2 * 6 * 12 * 10 * 3, -1, 1), [2, 6, 12, 10, 3]);
  const found = await extractor.extract(clips);
  const expected = expectedOf(clips);
  const worst = Math.max(
    difference(found.features, await expected.features.data()),
    difference(found.probabilities, await expected.probabilities.data()),
  );
  const sizes = `${extractor.featureSize} features, ${extractor.classes} classes`;
  report(worst < 1e-5, `${sizes}, the same to ${worst}`);
  extractor.dispose();

  await truncate(path, 200);
  const message = await openOnnxExtractor(path, options, runtime).catch((error) => error.message);
  report(/^ONNX Runtime cannot open [^\n]+$/.test(message), `damaged: ${message}`);
} finally {
  await rm(scratch, { recursive: true });
}

function report(ok, text) {
  console.log(`${ok ? 'ok   ' : 'WRONG'} ${text}`);
  if (!ok) process.exitCode = 1;
}

function difference(a, b) {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

/** The same network here. */
function expectedOf(clips) {
  const input = clips.slice([0, 0, 0, 0, 0], [2, 5, -1, -1, -1]).reverse(4);
  const outFirst = tf.tensor5d(kernel, [channels, 3, 3, 3, 3]);
  const filter = /** @type {tf.Tensor5D} */ (outFirst.transpose([2, 3, 4, 1, 0]));
  const features = tf.conv3d(input, filter, 2, 'valid').relu().mean([1, 2, 3]);
  const probabilities = tf.softmax(tf.matMul(features, tf.tensor2d(dense, [channels, classes])));
  return { features, probabilities };
}

/**
 * Its ONNX file, with free batch, time, height and width: fields by their numbers in onnx.proto.
 */
function network() {
  const float = 1;
  const value = (name, ...axes) => {
    const dimensions = axes.map((axis) =>
      message(1, typeof axis === 'string' ? text(2, axis) : int(1, axis)),
    );
    const type = message(1, int(1, float), message(2, ...dimensions));
    return [text(1, name), message(2, type)];
  };
  const weights = (name, axes, data) =>
    message(
      5,
      ...axes.map((axis) => int(1, axis)),
      int(2, float),
      text(8, name),
      message(9, Buffer.from(data.buffer)),
    );
  const node = (type, inputs, output, ...attributes) =>
    message(
      1,
      ...inputs.map((input) => text(1, input)),
      text(2, output),
      text(4, type),
      ...attributes,
    );
  const listOfInts = 7;
  const strides = message(
    5,
    text(1, 'strides'),
    int(8, 2),
    int(8, 2),
    int(8, 2),
    int(20, listOfInts),
  );
  const graph = message(
    7,
    node('Conv', ['clips', 'kernel'], 'conv', strides),
    node('Relu', ['conv'], 'relu'),
    node('GlobalAveragePool', ['relu'], 'pool'),
    node('Flatten', ['pool'], 'features'),
    node('MatMul', ['features', 'dense'], 'logits'),
    text(2, 'small'),
    weights('kernel', [channels, 3, 3, 3, 3], kernel),
    weights('dense', [channels, classes], dense),
    message(11, ...value('clips', 'batch', 3, 'time', 'height', 'width')),
    message(12, ...value('logits', 'batch', classes)),
    message(12, ...value('features', 'batch', channels)),
  );
  const [irVersion, operatorSet] = [8, 17];
  return Buffer.concat([int(1, irVersion), graph, message(8, int(2, operatorSet))]);
}

function varint(number) {
  const bytes = [];
  for (; number > 127; number >>>= 7) bytes.push((number & 127) | 128);
  return Buffer.from([...bytes, number]);
}

function int(field, number) {
  return Buffer.concat([varint(field << 3), varint(number)]);
}

function message(field, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

function text(field, string) {
  return message(field, Buffer.from(string));
}
