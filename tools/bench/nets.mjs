// Races common small nets on `simd` against tfjs's cpu and wasm backends, training and predicting,
// in one process, taking turns.
//
//   node tools/bench/nets.mjs [--json] [--threads N] [--rounds N] [--only NAME]
//
// Each figure is the median of the rounds, of which each lasts a tenth of a second or more. The
// ratio says how many times faster simd is than the faster of the other two. A dash means that the
// backend lacks a kernel for it. Build the libraries first.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string' },
  },
});

const { layers } = tf;
const relu = { activation: /** @type {const} */ ('relu') };

/** A convolution with batch norm and ReLU, as MobileNet has them. */
const depthwiseSeparable = (filters, strides) => [
  layers.depthwiseConv2d({ kernelSize: 3, strides, padding: 'same', useBias: false }),
  layers.batchNormalization(),
  layers.reLU({ maxValue: 6 }),
  layers.conv2d({ kernelSize: 1, filters, useBias: false }),
  layers.batchNormalization(),
  layers.reLU({ maxValue: 6 }),
];

const nets = {
  'MLP 784-512-512-10': {
    input: [784],
    batch: 32,
    layers: () => [layers.dense({ units: 512, ...relu }), layers.dense({ units: 512, ...relu })],
  },
  'CNN with pooling, 28x28': {
    input: [28, 28, 1],
    batch: 32,
    layers: () => [
      layers.conv2d({ kernelSize: 5, filters: 8, ...relu }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ kernelSize: 5, filters: 16, ...relu }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
    ],
  },
  'conv net, strides 2, 32x32': {
    input: [32, 32, 3],
    batch: 16,
    layers: () => [
      ...[64, 128, 256].map((filters) =>
        layers.conv2d({ kernelSize: 4, strides: 2, padding: 'same', filters, ...relu }),
      ),
      layers.flatten(),
    ],
  },
  'MobileNet-like, 96x96': {
    input: [96, 96, 3],
    batch: 4,
    layers: () => [
      layers.conv2d({ kernelSize: 3, strides: 2, padding: 'same', filters: 16, ...relu }),
      ...depthwiseSeparable(32, 1),
      ...depthwiseSeparable(64, 2),
      ...depthwiseSeparable(64, 1),
      ...depthwiseSeparable(128, 2),
      ...depthwiseSeparable(128, 1),
      ...depthwiseSeparable(256, 2),
      layers.globalAveragePooling2d({}),
    ],
  },
  'LSTM of 64 units, 28 steps': {
    input: [28, 28],
    batch: 32,
    layers: () => [layers.lstm({ units: 64 })],
  },
  'DCGAN generator, 28x28': {
    input: [64],
    batch: 16,
    layers: () => [
      layers.dense({ units: 7 * 7 * 64, ...relu }),
      layers.reshape({ targetShape: [7, 7, 64] }),
      layers.batchNormalization(),
      layers.conv2dTranspose({ kernelSize: 4, strides: 2, padding: 'same', filters: 32, ...relu }),
      layers.batchNormalization(),
      layers.conv2dTranspose({ kernelSize: 4, strides: 2, padding: 'same', filters: 1 }),
      layers.flatten(),
    ],
  },
};

const { build } = await registerSimdBackend({ threads: Number(options.threads) });
const backends = ['simd', 'wasm', 'cpu'];
const say = (...words) => options.json || console.log(...words);
say(`Node ${process.version}, ${options.threads} threads, kernels ${build}`);
say('net                          what        simd      wasm       cpu   ratio');
const results = {};
for (const [name, net] of Object.entries(nets)) {
  if (options.only && !name.includes(options.only)) continue;
  for (const what of ['predict', 'train']) {
    const times = await race(net, what);
    const best = Math.min(times.wasm, times.cpu);
    results[`${name}, ${what}`] = { ...times, ratio: best / times.simd };
    const cell = (seconds, width) =>
      (Number.isFinite(seconds) ? `${(seconds * 1e3).toPrecision(3)} ms` : '-').padStart(width);
    const [simd, wasm, cpu] = backends.map((backend) => cell(times[backend], 10));
    const ratio = (best / times.simd).toFixed(2);
    say(`${name.padEnd(28)} ${what.padEnd(7)} ${simd}${wasm}${cpu} ${ratio.padStart(7)}`);
  }
}
if (options.json) console.log(JSON.stringify(results));
process.exit(0);

/** Median seconds of each backend. One that is ten times slower than simd runs but once. */
async function race(net, what) {
  const runs = [];
  let simd;
  const times = Object.fromEntries(backends.map((backend) => [backend, [Infinity]]));
  for (const backend of backends) {
    await tf.setBackend(backend);
    const run = what === 'train' ? trainingStep(net) : prediction(net);
    try {
      if (backend !== 'cpu') run();
      const once = secondsOf(run, 1);
      times[backend] = [once];
      simd ??= once;
      if (once > 10 * simd) continue;
      runs.push({ backend, run, repeat: Math.max(1, Math.ceil(0.1 / once)) });
      times[backend] = [];
    } catch {
      // This backend lacks a kernel.
    }
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { backend, run, repeat } of runs) {
      await tf.setBackend(backend);
      run();
      times[backend].push(secondsOf(run, repeat));
    }
  }
  const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
  return Object.fromEntries(backends.map((backend) => [backend, median(times[backend])]));
}

function secondsOf(run, repeat) {
  const started = performance.now();
  for (let i = 0; i < repeat; i++) run();
  return (performance.now() - started) / 1e3 / repeat;
}

function modelOf({ input, layers }) {
  const x = tf.input({ shape: input });
  const last = [...layers(), tf.layers.dense({ units: 10, activation: 'softmax' })].reduce(
    (h, layer) => layer.apply(h),
    x,
  );
  return tf.model({ inputs: x, outputs: last });
}

function prediction(net) {
  const model = modelOf(net);
  const x = tf.randomUniform([net.batch, ...net.input]);
  return () => tf.tidy(() => void (/** @type {tf.Tensor} */ (model.predict(x)).dataSync()));
}

function trainingStep(net) {
  const model = modelOf(net);
  const x = tf.randomUniform([net.batch, ...net.input]);
  const labels = tf.oneHot(tf.range(0, net.batch, 1, 'int32').mod(10).toInt(), 10);
  const optimizer = tf.train.adam(0.001);
  return () =>
    tf.tidy(() => {
      const loss = optimizer.minimize(() => {
        const y = /** @type {tf.Tensor} */ (model.apply(x, { training: true }));
        return /** @type {tf.Scalar} */ (tf.metrics.categoricalCrossentropy(labels, y).mean());
      }, true);
      loss.dataSync();
    });
}
