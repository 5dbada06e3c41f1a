// Does an extractor out of an ONNX file find the same in ONNX Runtime as TensorFlow.js does?
//
//   npx nx build @tgan/metrics
//   npm install --prefix FOLDER onnxruntime-node@1.30.0 --ignore-scripts
//   node tools/check-onnx-extractor.mjs FOLDER
//
// By hand, because ONNX Runtime is large. It writes a small network of 3-D convolutions, opens it as
// an extractor and compares features and probabilities. Then it damages the file. Passes up to 1e-5.
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openOnnxExtractor } from '@tgan/metrics/node';
import { Random } from '@tgan/random';
import * as tf from '@tensorflow/tfjs';
import protobuf from 'protobufjs/light.js';

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
  const filter = tf.tensor5d(kernel, [channels, 3, 3, 3, 3]).transpose([2, 3, 4, 1, 0]);
  const features = tf.conv3d(input, filter, 2, 'valid').relu().mean([1, 2, 3]);
  const probabilities = tf.softmax(tf.matMul(features, tf.tensor2d(dense, [channels, classes])));
  return { features, probabilities };
}

/** Its ONNX file, with free batch, time, height and width. */
function network() {
  const field = (id, type) => ({ id, type });
  const repeated = (id, type) => ({ id, type, rule: 'repeated' });
  const proto = protobuf.Root.fromJSON({
    nested: {
      Model: {
        fields: {
          irVersion: field(1, 'int64'),
          graph: field(7, 'Graph'),
          opsets: repeated(8, 'Opset'),
        },
      },
      Opset: { fields: { version: field(2, 'int64') } },
      Graph: {
        fields: {
          nodes: repeated(1, 'Node'),
          name: field(2, 'string'),
          weights: repeated(5, 'Tensor'),
          inputs: repeated(11, 'Value'),
          outputs: repeated(12, 'Value'),
        },
      },
      Node: {
        fields: {
          inputs: repeated(1, 'string'),
          outputs: repeated(2, 'string'),
          type: field(4, 'string'),
          attributes: repeated(5, 'Attribute'),
        },
      },
      Attribute: {
        fields: {
          name: field(1, 'string'),
          ints: repeated(8, 'int64'),
          type: field(20, 'int32'),
        },
      },
      Tensor: {
        fields: {
          dims: repeated(1, 'int64'),
          type: field(2, 'int32'),
          name: field(8, 'string'),
          raw: field(9, 'bytes'),
        },
      },
      Value: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
      Type: { fields: { tensor: field(1, 'TensorType') } },
      TensorType: { fields: { element: field(1, 'int32'), shape: field(2, 'Shape') } },
      Shape: { fields: { dims: repeated(1, 'Dimension') } },
      Dimension: { fields: { size: field(1, 'int64'), name: field(2, 'string') } },
    },
  }).lookupType('Model');
  const float = 1;
  const weight = (name, dims, data) => {
    const raw = new Uint8Array(data.buffer);
    return { name, dims, type: float, raw };
  };
  const value = (name, ...dims) => {
    const shape = {
      dims: dims.map((d) => (typeof d === 'string' ? { name: d } : { size: d })),
    };
    return { name, type: { tensor: { element: float, shape } } };
  };
  const strides = { name: 'strides', ints: [2, 2, 2], type: 7 };
  const node = (type, inputs, output, attributes = []) => ({
    type,
    inputs,
    outputs: [output],
    attributes,
  });
  const graph = {
    name: 'small',
    nodes: [
      node('Conv', ['clips', 'kernel'], 'conv', [strides]),
      node('Relu', ['conv'], 'relu'),
      node('GlobalAveragePool', ['relu'], 'pool'),
      node('Flatten', ['pool'], 'features'),
      node('MatMul', ['features', 'dense'], 'logits'),
    ],
    weights: [
      weight('kernel', [channels, 3, 3, 3, 3], kernel),
      weight('dense', [channels, classes], dense),
    ],
    inputs: [value('clips', 'batch', 3, 'time', 'height', 'width')],
    outputs: [value('logits', 'batch', classes), value('features', 'batch', channels)],
  };
  return proto
    .encode(proto.fromObject({ irVersion: 8, opsets: [{ version: 17 }], graph }))
    .finish();
}
