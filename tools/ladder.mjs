// The paper's comparison at the scale of a laptop: from the model of 3-D deconvolutions to our own
// recipe, each trained for the same time on Moving MNIST, with several seeds.
//
//   npx nx build @tgan/cli
//   node tools/ladder.mjs [--seconds 180] [--seeds 3] [--only svc,recipe] [--count 500]
//   node tools/ladder.mjs --seeds 0     # draws again what docs/ladder.json has
//
// Takes hours: eight models, three seeds, three minutes each, and the scores. A stopped call goes
// on with the first run that is not done. `--only` makes some rungs again, and keeps what is known
// of the others. Writes docs/ladder.json and docs/images/ladder.svg, and prints the table.
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
const columns = [
  ['Inception score', 'inceptionScore'],
  ['Frechet distance', 'frechetDistance'],
  ['kernel distance', 'kernelDistance'],
  ['legibility', 'legibility'],
  ['pixels a frame', 'displacement'],
  ['straight paths', 'straightOrBouncing'],
];
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
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);
const data = join(values.out, 'ladder.json');
const ladder = existsSync(data) ? JSON.parse(readFileSync(data, 'utf8')) : { results: [] };

mkdirSync(values.runs, { recursive: true });
const chosen = values.only?.split(',') ?? Object.keys(rungs);
const done = chosen.flatMap((name) => seeds.map((seed) => ({ name, seed, ...runOf(name, seed) })));
const real = done[0]?.real ?? ladder.real;
const others = ladder.results.filter(({ name }) => !done.some((run) => run.name === name));
const known = [...others, ...done.map(({ real: _, ...result }) => result)];
const of = (name) => known.filter((result) => result.name === name);
const names = Object.keys(rungs).filter((name) => of(name).length > 0);
const results = names.flatMap(of);

const seconds = Number(values.seconds);
const count = Number(values.count);
writeFileSync(data, `${JSON.stringify({ seconds, count, real, results }, null, 2)}\n`);
mkdirSync(join(values.out, 'images'), { recursive: true });
writeFileSync(join(values.out, 'images', 'ladder.svg'), picture());
console.log(table());

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
  const valuesOf = (pick) =>
    Object.fromEntries(Object.entries(runs[0].scores).map(([score, of]) => [score, pick(of)]));
  const scores = valuesOf(({ value }) => value);
  const real = valuesOf(({ real }) => real?.value);
  // GAM compares unconditional models, each with the critic of the other.
  const baseline = join(values.runs, `svc-${seed}`);
  const compares = existsSync(baseline) && !['svc', 'conditional', 'recipe'].includes(name);
  const gam = compares
    ? ['evaluate', folder, baseline, '--gam', '--count', values.count]
    : undefined;
  const result = {
    steps,
    scores,
    real,
    ...(gam && { gam: JSON.parse(call(...gam, '--json')).gam }),
  };
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

/** The least and the most of each score, as a table in Markdown. */
function table() {
  const range = (numbers) => {
    const known = numbers.filter(Number.isFinite).map((number) => number.toPrecision(3));
    const ends = [...new Set(known)].sort((a, b) => a - b);
    return ends.length > 1 ? `${ends[0]} to ${ends.at(-1)}` : (ends[0] ?? '');
  };
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rows = names.map((name) => [
    rungs[name][0],
    String(of(name)[0].steps),
    ...columns.map(([, score]) => range(of(name).map(({ scores }) => scores[score]))),
  ]);
  return [
    ['model', 'steps', ...columns.map(([title]) => title)],
    ['---', '---', ...columns.map(() => '---')],
    ...rows,
    ['real clips', '', ...columns.map(([, score]) => range([real[score]]))],
  ]
    .map(line)
    .join('\n');
}

/** A dot for each seed, a row for each rung, a column for each score, a line for real clips. */
function picture() {
  const [left, top, wide, high, step] = [170, 44, 104, 30, 126];
  const width = left + columns.length * step;
  const bottom = top + names.length * high;
  const text = (x, y, words, more = '') => `<text x="${x}" y="${y}"${more}>${words}</text>`;
  const line = (x, more) => `<path d="M${x} ${top}V${bottom}" stroke="#808080" ${more}/>`;
  const rows = names.map((name, row) => text(8, top + row * high + 20, rungs[name][0]));
  const dots = columns.flatMap(([title, score], column) => {
    const x = left + column * step;
    const all = results.map(({ scores }) => scores[score]);
    const most = Math.max(...[...all, real[score]].filter(Number.isFinite));
    const at = (value) => (x + (Math.max(0, value) / most) * wide).toFixed(1);
    const marks = results
      .filter(({ scores }) => Number.isFinite(scores[score]))
      .map(({ name, scores }) => {
        const y = top + names.indexOf(name) * high + 15;
        return `<circle cx="${at(scores[score])}" cy="${y}" r="4.5" fill="#4c8bf5" fill-opacity="0.65"/>`;
      });
    return [
      text(x, 18, title, ' font-weight="600"'),
      text(x, 34, `0 to ${most.toPrecision(3)}`, ' opacity="0.8"'),
      line(x, 'opacity="0.5"'),
      line(at(real[score]), 'stroke-dasharray="4 3"'),
      ...marks,
    ];
  });
  const legend = 'a dot: one seed; dashed: real clips; distances: lower is better';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 34}" font-family="sans-serif" font-size="13" fill="#808080">
${[...rows, ...dots, text(left, bottom + 24, legend)].join('\n')}
</svg>
`;
}
