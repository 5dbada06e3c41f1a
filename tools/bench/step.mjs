// Races tgan on the `simd` backend against PyTorch and against stock tfjs, side by side in one run.
//
//   node tools/bench/step.mjs [--json] [--threads N] [--batches 4,8,32] [--channels 1,3]
//     [--rounds N] [--this-node]
//
// Runs on Node 24 where npm can fetch it, because older ones have no wide vectors; --this-node
// stays with the Node that was called.
//
// PYTHON names the Python that has torch (default python3); without torch those ratios are left
// out. Each ratio is how many times faster tgan is: both sides take turns, and their fastest runs
// are compared, so that whatever else the machine does counts against neither. Build the libraries
// first (npm run build).
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { registerSimdBackend } from '@tgan/simd-backend';
import * as tf from '@tensorflow/tfjs';
import { canRunNode24, hasNode24, runOnNode24 } from '../node24.mjs';
import { stockConvolution } from './step-stock.mjs';
import { startTorch } from './step-torch.mjs';
import { svcPass, TrainingStep } from './step-tgan.mjs';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    threads: { type: 'string', default: String(availableParallelism()) },
    batches: { type: 'string', default: '4,8,32' },
    channels: { type: 'string', default: '1,3' },
    rounds: { type: 'string', default: '5' },
    'this-node': { type: 'boolean', default: false },
  },
});
if (!hasNode24 && !options['this-node'] && canRunNode24()) {
  const { status } = runOnNode24([...process.argv.slice(1), '--this-node'], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
const threads = Number(options.threads);
const rounds = Number(options.rounds);
const numbers = (list) => list.split(',').map(Number);
const say = (...words) => options.json || console.log(...words);

/**
 * Seconds of the fastest run of each side, taking turns, after one round to warm up. A turn is two
 * runs, because the first one finds the caches full of the other side's numbers.
 */
async function race(sides, count = rounds) {
  const best = sides.map(() => Infinity);
  for (let round = 0; round <= count; round++) {
    for (const [i, side] of sides.entries()) {
      for (let run = 0; run < 2; run++) {
        const seconds = await side();
        if (round > 0) best[i] = Math.min(best[i], seconds);
      }
    }
  }
  return best;
}

const backend = await registerSimdBackend({ threads });
await tf.setBackend('simd');
const torch = await startTorch(threads);
say(`Node ${process.version}, ${threads} threads, kernels ${backend.build}`);
if (!torch) say('no torch: set PYTHON to a python that has it');

/** Prints one comparison and returns its ratio to three digits. */
function report(name, [ours, theirs], other) {
  const ratio = theirs / ours;
  const ms = (seconds) => `${(seconds * 1e3).toFixed(0)} ms`;
  say(`${name.padEnd(34)} ${ms(ours).padStart(9)}  ${other} ${ms(theirs)}: ${ratio.toFixed(2)}x`);
  return Number(ratio.toPrecision(3));
}

const result = { torch: {} };
for (const channels of numbers(options.channels)) {
  for (const batch of numbers(options.batches)) {
    if (!torch) continue;
    const step = new TrainingStep(batch, channels);
    const sides = [() => step.run(), () => torch.seconds(`step ${batch} ${channels}`)];
    const best = await race(sides, batch >= 16 ? Math.ceil(rounds / 2) : rounds);
    step.dispose();
    result.torch[`b${batch}c${channels}`] = report(
      `step, batch ${batch}, ${channels} channels`,
      best,
      `torch, ${torch.way()},`,
    );
    say(`  resident ${(process.memoryUsage().rss / 2 ** 30).toFixed(2)} GB`);
  }
}

if (torch) {
  const step = new TrainingStep(4, 3);
  const svd = await race([() => svcPass(step.gan.critic), () => torch.seconds('svd')], 3);
  result.svd = report('clipping the critic', svd, 'torch.linalg.svd');
  const sample = await race([() => step.sample(64), () => torch.seconds('sample 64 3')], 3);
  result.sample64 = report('sampling 64 videos', sample, 'torch');
  step.dispose();
  torch.stop();
}

const stock = await stockConvolution(race, report);
result.wasmConv3d = stock.wasm;
result.cpuConv3d = stock.cpu;
if (options.json) console.log(JSON.stringify(result));
process.exit(0);
