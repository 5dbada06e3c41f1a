// Trains every model with every setting of the paper's tables on Moving MNIST, at a small size.
// Fails if a number of a run is not finite. Keeps the run folders, with samples.
//
//   npx nx build @tgan/cli
//   node tools/train-models.mjs [--out runs/models] [--steps 500] [--only vgan,3d]
//
// Each model is trained three times on `simd`, which takes minutes on a quiet machine. No test runs
// this. Finished runs are kept, so a stopped call continues with the next one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtInAxes } from '@tgan/runs/config';

const { model: models } = builtInAxes.registries;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/models' },
    steps: { type: 'string', default: '500' },
    only: { type: 'string', default: models.names.join() },
  },
});
const tgan = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const settings = {
  svc: '',
  'weight-clipping': 'constraint: weight-clipping\n',
  normal: 'objective: normal\nconstraint: none\nnoise: 0.3\n',
};
const sizes = `digits: 1
imageSize: 32
latentSize: 16
criticWidths: [4, 8, 16, 32]
batchSize: 4
learningRate: 0.0002
backend: simd
`;
const temporal = 'temporalWidths: [32, 32, 16, 16]\nimageWidths: [32, 16, 8, 8]\n';
const widths = (model) =>
  'temporalWidths' in models.get(model).options.shape
    ? temporal
    : 'generatorWidths: [32, 16, 8, 4]\n';

mkdirSync(values.out, { recursive: true });
const rows = [];
for (const model of values.only.split(',')) {
  for (const [setting, lines] of Object.entries(settings)) {
    const run = join(values.out, `${model}-${setting}`);
    const samples = join(run, 'samples', `step-${values.steps.padStart(7, '0')}.gif`);
    if (!existsSync(samples)) {
      rmSync(run, { recursive: true, force: true });
      const preset = join(values.out, `${model}-${setting}.yaml`);
      writeFileSync(preset, `model: ${model}\n${sizes}${widths(model)}${lines}`);
      const flags = ['--steps', values.steps, '--sample-every', values.steps, '--out', run];
      const { status } = spawnSync(process.execPath, [tgan, 'train', preset, ...flags], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      if (status !== 0) throw new Error(`${run} ended with exit code ${status}`);
    }
    rows.push(summary(model, setting, run));
  }
}
console.table(rows);

/** What a run came to. */
function summary(model, setting, run) {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => JSON.parse(line));
  for (const { step, value, real, fake } of steps) {
    if (![value, real, fake].every(Number.isFinite)) throw new Error(`${run}: step ${step}`);
  }
  if (steps.length !== Number(values.steps)) throw new Error(`${run} has ${steps.length} steps`);
  const networks = readdirSync(join(run, 'models'));
  const all = networks.reduce((sum, name) => sum + weights(run, name), 0);
  const critic = weights(run, 'critic');
  return {
    model,
    setting,
    generator: all - critic,
    critic,
    'V at the end': Number(steps.at(-1).value.toPrecision(3)),
    samples: readdirSync(join(run, 'samples')).join(' '),
  };
}

/** How many numbers a network has; throws where one is not finite. */
function weights(run, network) {
  const bytes = readFileSync(join(run, 'models', network, 'weights.bin'));
  const numbers = new Float32Array(new Uint8Array(bytes).buffer);
  if (!numbers.every(Number.isFinite)) throw new Error(`${run}: a weight of ${network} is NaN`);
  return numbers.length;
}
