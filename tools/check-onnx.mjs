// Does an exported generator make the same videos in ONNX Runtime as here?
//
//   npx nx build @tgan/cli
//   npm install --prefix /tmp/ort onnxruntime-node@1.30.0 --ignore-scripts
//   node tools/check-onnx.mjs /tmp/ort RUN...
//
// RUN is a folder of `tgan train`. By hand, because ONNX Runtime is large; the check passes up to
// 1e-5.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Random } from '@tgan/core';
import { onnxGenerator, openRun } from '@tgan/runs';
import * as tf from '@tensorflow/tfjs';

const [folder, ...runs] = process.argv.slice(2);
if (runs.length === 0) throw new Error('node tools/check-onnx.mjs FOLDER_OF_ONNXRUNTIME RUN...');
const { InferenceSession, Tensor } = createRequire(join(resolve(folder), 'x'))('onnxruntime-node');

for (const path of runs) {
  const { model, config } = await openRun(path, { backend: 'cpu' });
  const { classes = 0, latentSize } = model.options;
  const session = await InferenceSession.create(onnxGenerator(model));
  const count = 3;
  const z0 = model.latents(count, new Random(1));
  const feeds = { z0: new Tensor('float32', await z0.data(), [count, latentSize]) };
  let labels;
  if (classes > 0) {
    labels = tf.tensor1d([0, 1, classes - 1], 'int32');
    const oneHot = tf.oneHot(labels, classes);
    feeds.label = new Tensor('float32', Float32Array.from(await oneHot.data()), [count, classes]);
  }
  const { video } = await session.run(feeds);
  const here = model.generate(z0, { labels });
  if (String(video.dims) !== String(here.shape)) throw new Error(`${video.dims}: ${here.shape}`);
  const expected = await here.data();
  const worst = video.data.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
  const ok = worst < 1e-5;
  console.log(`${ok ? 'same' : 'OTHER'} ${path} (${config.model}): [${video.dims}] to ${worst}`);
  if (!ok) process.exitCode = 1;
}
