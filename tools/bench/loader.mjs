// Whether training waits for its clips: how many clips a second the loader gives against how many
// the fastest training step on this machine takes (tgan on the `simd` backend, the paper's
// networks), and a step on batches of the loader against one on a batch that is always the same.
//
//   node tools/bench/loader.mjs [--json] [--threads N] [--batch 16] [--channels 1,3] [--rounds N]
//
// Clips are 64x64, 16 frames. The loader gives batches of 32, out of a packed file like that of
// UCF-101 (frames of 85x64, of which it takes the middle) or, with one channel, of Moving MNIST as
// well. Both kinds of step take turns. What the loader makes ahead it makes while a step of its own
// kind runs. Build the libraries first (npm run build).
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClipLoader, movingMnist, packed, preparePacked } from '@tgan/datasets';
import { Random } from '@tgan/core';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { TrainingStep } from './step-tgan.mjs';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    batch: { type: 'string', default: '16' },
    channels: { type: 'string', default: '1,3' },
    rounds: { type: 'string', default: '5' },
  },
});
const [batch, rounds] = [Number(options.batch), Number(options.rounds)];
const say = (...words) => options.json || console.log(...words);
const folder = mkdtempSync(join(tmpdir(), 'tgan-loader-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const timed = async (work) => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1e3;
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const digits = (value) => Number(value.toPrecision(3));

/** Noise in the form of UCF-101: 200 videos of 40 frames. */
async function pack(channels) {
  const [height, width] = [64, 85];
  const videos = Array.from({ length: 200 }, (_, i) => ({
    name: `video ${i}`,
    async *frames() {
      const random = new Random(i);
      const shades = Uint8Array.from({ length: 4096 }, () => random.integer(256));
      for (let t = 0; t < 40; t++) {
        const length = height * width * channels;
        yield Uint8Array.from({ length }, (_, at) => shades[(at * 7 + t) & 4095]);
      }
    },
  }));
  const crop = { top: 0, left: 10, height, width: height };
  const path = join(folder, `${channels}.tgan`);
  await preparePacked({ frame: { height, width, channels }, crop, videos, provenance: {} }, path);
  return path;
}

/** Clips a second of a loader whose batches are taken at once. */
async function clipsPerSecond(source, worker) {
  const loader = new ClipLoader(source, { batchSize: 32, seed: 1, worker });
  const batches = loader[Symbol.asyncIterator]();
  const take = async (count) => {
    for (let i = 0; i < count; i++) await batches.next();
  };
  await take(8);
  const rates = [];
  for (let round = 0; round < 5; round++) rates.push((8 * 32) / (await timed(() => take(8))));
  await batches.return(undefined);
  return Math.max(...rates);
}

/** Seconds of a step with batches of the loader and with one batch that is kept, in turns. */
async function steps(source, channels) {
  const { trainer, shape, ...step } = new TrainingStep(batch, channels);
  const loader = new ClipLoader(source, { batchSize: batch, seed: 2, worker: true });
  const batches = loader[Symbol.asyncIterator]();
  const kept = (await batches.next()).value.clips;
  const sides = { loader: async () => (await batches.next()).value.clips, kept: async () => kept };
  const seconds = { loader: [], kept: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, clips] of Object.entries(sides)) {
      const real = async () => ({ samples: tf.tensor5d(await clips(), shape) });
      const took = await timed(() => trainer.step(real));
      if (round > 0) seconds[name].push(took);
    }
  }
  await batches.return(undefined);
  trainer.dispose();
  step.gan.dispose();
  return seconds;
}

const threads = Number(options.threads);
const { build } = await registerSimdBackend({ threads });
await tf.setBackend('simd');
say(`Node ${process.version}, ${threads} threads, kernels ${build}, steps on ${batch} clips`);

const result = {};
for (const channels of options.channels.split(',').map(Number)) {
  const source = await packed(await pack(channels));
  const sources = {
    'packed file': source,
    ...(channels === 1 && { 'moving-mnist': movingMnist() }),
  };
  const seconds = await steps(source, channels);
  const trained = batch / Math.min(...seconds.kept);
  say(`\n${channels} channels: a step takes ${trained.toFixed(1)} clips/s`);
  const loaded = {};
  for (const [name, clips] of Object.entries(sources)) {
    const rate = await clipsPerSecond(clips, true);
    const blocking = await clipsPerSecond(clips, false);
    loaded[name] = { clipsPerSecond: digits(rate), ratio: digits(rate / trained) };
    say(
      `${name}: ${rate.toFixed(0)} clips/s (${blocking.toFixed(0)} without worker), ${(rate / trained).toFixed(0)}x the step`,
    );
  }
  const fastest = Math.min(...seconds.loader) / Math.min(...seconds.kept);
  const typical = median(seconds.loader) / median(seconds.kept);
  const percent = (ratio) => `${((ratio - 1) * 100).toFixed(1)} %`;
  say(`a step on the loader's batches, against one on a kept batch: ${percent(fastest)} longer`);
  say(
    `(fastest steps), ${percent(typical)} (medians); a step is ${median(seconds.kept).toFixed(2)} s`,
  );
  result[`c${channels}`] = {
    ...{ stepClipsPerSecond: digits(trained), loaded },
    stepRatio: { fastest: digits(fastest), median: digits(typical) },
  };
  await source.close();
}
if (options.json) console.log(JSON.stringify(result));
process.exit(0);
