// The paper's comparison at the scale of a laptop: from the model of 3-D deconvolutions to our own
// recipe, each trained for the same time on Moving MNIST, with several seeds.
//
//   npx nx build @tgan/cli
//   node tools/ladder.mjs [--seconds 180] [--seeds 3] [--only svc,recipe] [--count 500]
//
// Takes hours: eight models, three seeds, three minutes each, and the scores. A stopped call goes
// on with the first run that is not done. Writes docs/ladder.json and docs/images/ladder.svg.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    seeds: { type: 'string', default: '3' },
    count: { type: 'string', default: '500' },
    only: { type: 'string' },
    runs: { type: 'string', default: 'runs/ladder' },
    out: { type: 'string', default: 'docs' },
  },
});
const tgan = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));

// Tuned for none of them: the rates of our recipe's critic, which are those of its search.
const shared = `dataset: moving-mnist
digits: 1
digitSize: 20
imageSize: 32
latentSize: 32
initializer: he
optimizer: adam
beta1: 0.5
beta2: 0.9
learningRate: 0.001
schedule: linear-decay
decayFrom: 0.7
averageDecay: 0.997
batchSize: 16
sampleCount: 20
backend: simd
`;
const temporal = `temporalWidths: [64, 32]
imageWidths: [64, 32, 16]
finalConvolution: false
criticWidths: [16, 32, 64, 128]
`;
const volumes = `generatorWidths: [128, 64, 32, 16]
criticWidths: [16, 32, 64, 128]
`;
/**
 * Each rung of the ladder, by name: what it is, and its configuration. SVC comes first, because GAM
 * compares the others with it.
 */
const rungs = {
  svc: ['TGAN, SVC', `model: tgan\n${temporal}`],
  '3d': ['3-D deconvolutions', `model: 3d\n${volumes}`],
  vgan: ['VGAN', `model: vgan\n${volumes}`],
  normal: [
    'TGAN, normal GAN',
    `model: tgan\n${temporal}objective: normal\nconstraint: none\nnoise: 0.3\n`,
  ],
  clip: ['TGAN, weight clipping', `model: tgan\n${temporal}constraint: weight-clipping\n`],
  z1: ['TGAN, G1 sees z1 only', `model: tgan-z1\n${temporal}`],
  conditional: ['conditional TGAN, SVC', `model: tgan\n${temporal}classes: 10\n`],
  recipe: ['our recipe', undefined],
};
const names = values.only?.split(',') ?? Object.keys(rungs);
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);

mkdirSync(values.runs, { recursive: true });
const results = names.flatMap((name) =>
  seeds.map((seed) => ({ name, seed, ...runOf(name, seed) })),
);
const ladder = { seconds: Number(values.seconds), count: Number(values.count), results };
writeFileSync(join(values.out, 'ladder.json'), `${JSON.stringify(ladder, null, 2)}\n`);
mkdirSync(join(values.out, 'images'), { recursive: true });
writeFileSync(join(values.out, 'images', 'ladder.svg'), picture());
console.table(results.map(({ name, seed, steps, scores }) => ({ name, seed, steps, ...scores })));

/** The scores of one run, which is trained first if it has not been. */
function runOf(name, seed) {
  const folder = join(values.runs, `${name}-${seed}`);
  const done = join(values.runs, `${name}-${seed}.json`);
  if (existsSync(done)) return JSON.parse(readFileSync(done, 'utf8'));
  const [, own] = rungs[name];
  const preset = own ? join(values.runs, `${name}.yaml`) : 'moving-mnist-tiny';
  if (own) writeFileSync(preset, shared + own);
  const steps = stepsOf(name, preset);
  rmSync(folder, { recursive: true, force: true });
  const flags = ['--seed', `${seed}`, '--steps', `${steps}`, '--sample-every', `${steps}`];
  call('train', preset, ...flags, '--out', folder);
  const { runs } = JSON.parse(call('evaluate', folder, '--count', values.count, '--json'));
  const scores = Object.fromEntries(
    Object.entries(runs[0].scores).map(([score, { value }]) => [score, value]),
  );
  // GAM compares unconditional models, each with the critic of the other.
  const baseline = join(values.runs, `svc-${seed}`);
  const compares = existsSync(baseline) && !['svc', 'conditional', 'recipe'].includes(name);
  const gam = compares
    ? ['evaluate', folder, baseline, '--gam', '--count', values.count]
    : undefined;
  const result = { steps, scores, ...(gam && { gam: JSON.parse(call(...gam, '--json')).gam }) };
  writeFileSync(done, JSON.stringify(result));
  return result;
}

/** How many steps the time allows, from the median of a short run. All seeds take as many. */
function stepsOf(name, preset) {
  const file = join(values.runs, `${name}.steps`);
  if (!existsSync(file)) {
    const folder = join(values.runs, `${name}-trial`);
    rmSync(folder, { recursive: true, force: true });
    call('train', preset, '--steps', '40', '--sample-every', '40', '--out', folder);
    const seconds = readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .slice(10)
      .map((line) => JSON.parse(line).seconds)
      .sort((a, b) => a - b);
    const steps = Number(values.seconds) / seconds[seconds.length >> 1];
    writeFileSync(file, `${Math.max(20, 10 * Math.round(steps / 10))}`);
  }
  return Number(readFileSync(file, 'utf8'));
}

/** What a command of tgan prints. */
function call(...args) {
  const { status, stdout } = spawnSync(process.execPath, [tgan, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`tgan ${args.join(' ')} ended with exit code ${status}`);
  return stdout;
}

/** A dot for each seed, a row for each rung, a column for each score. */
function picture() {
  const columns = [
    ['Inception score', 'inceptionScore'],
    ['Frechet distance', 'frechetDistance'],
    ['kernel distance', 'kernelDistance'],
    ['legibility', 'legibility'],
    ['pixels per frame', 'displacement'],
    ['straight or bouncing', 'straightOrBouncing'],
  ];
  const [left, top, wide, high, gap] = [170, 40, 120, 26, 18];
  const width = left + columns.length * (wide + gap);
  const height = top + names.length * high + 12;
  const text = (x, y, words, more = '') => `<text x="${x}" y="${y}"${more}>${words}</text>`;
  const rows = names.map((name, row) => text(8, top + row * high + 17, rungs[name][0]));
  const dots = columns.flatMap(([title, score], column) => {
    const x = left + column * (wide + gap);
    const all = results.map(({ scores }) => scores[score]).filter(Number.isFinite);
    const most = Math.max(...all, 1e-9);
    const heading = [
      text(x, 16, title, ' font-weight="600"'),
      text(x, 31, `0 to ${most.toPrecision(3)}`, ' opacity="0.6"'),
    ];
    const marks = results
      .filter(({ scores }) => Number.isFinite(scores[score]))
      .map(({ name, scores }) => {
        const cx = x + (Math.max(0, scores[score]) / most) * wide;
        const cy = top + names.indexOf(name) * high + 13;
        return `<circle cx="${cx.toFixed(1)}" cy="${cy}" r="4" fill="#3b6fd4" fill-opacity="0.6"/>`;
      });
    const axis = `<path d="M${x} ${top}V${height - 10}" stroke="currentColor" opacity="0.3"/>`;
    return [...heading, axis, ...marks];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#444" color="#444">
${[...rows, ...dots].join('\n')}
</svg>
`;
}
