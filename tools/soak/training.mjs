// Trains very small networks for many steps and checks that nothing grows: tensors, bytes of
// tensors, memory of the process. Prints a table, and exits with 1 when something grew after the
// warm-up.
//
//   node tools/soak/training.mjs [--backend simd] [--steps 20000] [--rows 20] [--all]
//
// --all trains with everything that keeps state beside the weights: Adam, an averaged generator,
// accumulation. Build first:
// npx nx build @tgan/cli.
import { parseArgs } from 'node:util';
import { Random } from '@tgan/core';
import { selectBackend } from '@tgan/runs';
import { VideoGan } from '@tgan/video-gan';
import { adam, WganTrainer } from '@tgan/wgan-trainer';
import * as tf from '@tensorflow/tfjs';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'simd' },
    steps: { type: 'string', default: '20000' },
    rows: { type: 'string', default: '20' },
    all: { type: 'boolean', default: false },
  },
});
const steps = Number(options.steps);
const every = Math.ceil(steps / Number(options.rows));
/** The first tenth fills caches and lets the heaps find their size. */
const warmUp = Math.ceil(steps / 10);
/**
 * What the process may take more in the last quarter than in the first after the warm-up, at the
 * least that it takes in either: the JavaScript heap swings, because it is collected when it likes,
 * and a leak lifts its floor.
 */
const SLACK_MB = 16;

tf.enableProdMode();
const { runsOn } = await selectBackend(options.backend);
const frames = 4;
const imageSize = 16;
const gan = new VideoGan({
  ...{ frames, imageSize, channels: 1, latentSize: 4 },
  ...{ temporalWidths: [4, 4], imageWidths: [4, 2, 2], criticWidths: [2, 2] },
});
const trainer = new WganTrainer(gan, {
  seed: 1,
  ...(options.all && { optimizer: adam(), averageDecay: 0.999, accumulate: 2 }),
});
const random = new Random(2);
/** @type {[number, number, number, number, number]} */
const shape = [2, frames, imageSize, imageSize, 1];
const size = tf.util.sizeFromShape(shape);
const nextBatch = async () => ({ samples: tf.tensor5d(random.uniform(size, -1, 1), shape) });

const MB = 2 ** 20;
const rows = [];
console.log(`${steps} steps on ${options.backend}: ${runsOn}`);
console.log(
  '   step  tensors  tensor bytes  kernels heap MB  resident MB  JS heap MB  CPU ms/step',
);
let cpu = process.cpuUsage();
for (let step = 1; step <= steps; step++) {
  await trainer.step(nextBatch);
  if (step % every !== 0 && step !== warmUp && step !== steps) continue;
  const memory = /** @type {tf.MemoryInfo & { heapBytesInUse?: number }} */ (tf.memory());
  const { numTensors, numBytes, heapBytesInUse = 0 } = memory;
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  const since = step - (rows.at(-1)?.step ?? 0);
  rows.push({ step, numTensors, numBytes, heapBytesInUse, resident: rss / MB });
  const cells = [
    String(step).padStart(7),
    String(numTensors).padStart(7),
    String(numBytes).padStart(12),
    (heapBytesInUse / MB).toFixed(2).padStart(15),
    (rss / MB).toFixed(1).padStart(11),
    (heapUsed / MB).toFixed(1).padStart(10),
    ((user + system) / 1000 / since).toFixed(2).padStart(11),
  ];
  console.log(cells.join('  '));
}
trainer.dispose();
gan.dispose();

const warm = rows.find(({ step }) => step >= warmUp);
const later = rows.filter(({ step }) => step > warm.step);
const most = (key) => Math.max(...later.map((row) => row[key]));
const quarter = Math.ceil(later.length / 4);
const floorOf = (some) => Math.min(...some.map(({ resident }) => resident));
const [first, last] = [floorOf(later.slice(0, quarter)), floorOf(later.slice(-quarter))];
const growth = [
  most('numTensors') > warm.numTensors && 'tensors',
  most('numBytes') > warm.numBytes && 'bytes of tensors',
  most('heapBytesInUse') > warm.heapBytesInUse && "the backend's heap",
  last > first + SLACK_MB && `resident memory, from ${first.toFixed(0)} to ${last.toFixed(0)} MB`,
].filter(Boolean);
if (growth.length > 0) {
  console.log(`grew after step ${warm.step}: ${growth.join(', ')}`);
  process.exit(1);
}
console.log(`flat after step ${warm.step}`);
process.exit(0);
