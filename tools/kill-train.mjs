// Kills a training run over and over at random moments, resumes it each time, and checks that
// nothing is lost: no file is corrupt, every resume works, and the end is that of a run that was
// never killed, to the bit.
//
//   node tools/kill-train.mjs [--kills 200] [--backend cpu] [--seed 1] [--steps 300]
//     [--checkpoint-every 2]
//
// The networks are tiny, so that writing is a good part of what a run does. A quarter of the kills
// come at any moment from the program's start on, the others after its first new checkpoint. Build
// first: npx nx build @tgan/cli.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { Random } from '@tgan/core';
import { parseCheckpoint } from '@tgan/runs';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    backend: { type: 'string', default: 'cpu' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '300' },
    'checkpoint-every': { type: 'string', default: '2' },
  },
});
const kills = Number(options.kills);
const random = new Random(Number(options.seed));
const main = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tgan-kill-train-'));
const preset = join(folder, 'tiny.yaml');
writeFileSync(
  preset,
  `imageSize: 32
frames: 4
latentSize: 4
temporalWidths: [4, 4]
imageWidths: [4, 2, 2]
criticWidths: [2, 2]
digits: 1
batchSize: 2
steps: ${options.steps}
checkpointEvery: ${options['checkpoint-every']}
sampleEvery: 20
sampleCount: 2
backend: ${options.backend}
`,
);

const fail = (message) => {
  throw new Error(`${message}\nEverything is in ${folder}`);
};

/** Starts or resumes a run. */
function start(run) {
  const resume = existsSync(join(run, 'config.yaml'));
  const args = resume ? ['resume', run] : ['train', preset, '--out', run];
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal, said, resume }));
  return { child, exit };
}

async function finish(run) {
  const { code, said } = await start(run).exit;
  if (code !== 0 || /is skipped/.test(said)) fail(`${run} ended with ${code}: ${said}`);
}

const checkpoints = (run) => {
  const path = join(run, 'checkpoints');
  return existsSync(path)
    ? readdirSync(path)
        .filter((name) => name.startsWith('step-'))
        .sort()
    : [];
};

/** Waits for what should be the moment of a kill, or for the end of the program. */
async function moment(run, exit) {
  let over = false;
  void exit.then(() => (over = true));
  if (random.number() < 0.25) return sleep(2000 * random.number());
  const before = checkpoints(run).at(-1) ?? '';
  while (!over && (checkpoints(run).at(-1) ?? '') <= before) await sleep(5);
  return sleep(400 * random.number());
}

/**
 * Every file that a run has must be whole, but for temporary ones and the last line of
 * metrics.jsonl.
 */
function check(run) {
  const checks = {
    '.safetensors': (bytes) => parseCheckpoint(bytes),
    '.png': (bytes) => bytes.subarray(-8, -4).toString() === 'IEND' || fail('cut short'),
    '.gif': (bytes) => bytes.at(-1) === 0x3b || fail('cut short'),
    '.svg': (bytes) => bytes.toString().endsWith('</svg>\n') || fail('cut short'),
    '.yaml': (bytes) => /^backend: \w+$/m.test(bytes.toString()) || fail('cut short'),
    '.json': (bytes) => JSON.parse(bytes.toString()),
    '.jsonl': (bytes) => bytes.toString().split('\n').slice(0, -1).map(JSON.parse),
  };
  let files = 0;
  if (!existsSync(run)) return files;
  for (const name of readdirSync(run, { recursive: true, encoding: 'utf8' })) {
    const known = checks[extname(name)];
    if (!known) continue;
    try {
      known(readFileSync(join(run, name)));
    } catch (error) {
      fail(`${join(run, name)} is corrupt: ${error.message}`);
    }
    files++;
  }
  return files;
}

/** What a run came to. */
function resultOf(run) {
  const bytes = readFileSync(join(run, 'checkpoints', checkpoints(run).at(-1)));
  const { state, position } = parseCheckpoint(bytes);
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const models = readdirSync(join(run, 'models'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bin'))
    .map((name) => readFileSync(join(run, 'models', name)));
  const metrics = lines.map((line) => ({ ...JSON.parse(line), seconds: 0 }));
  return { state, position, metrics, models };
}

const began = performance.now();
const whole = join(folder, 'whole');
await finish(whole);
const expected = resultOf(whole);

const counts = { kills: 0, beforeTheRun: 0, ends: 0, files: 0 };
for (let round = 0; counts.kills < kills; round++) {
  const run = join(folder, `run-${round}`);
  for (let over = false; !over;) {
    if (counts.kills === kills) {
      await finish(run);
      over = true;
    } else {
      const { child, exit } = start(run);
      await moment(run, exit);
      child.kill('SIGKILL');
      const { code, signal, said } = await exit;
      if (signal !== 'SIGKILL' && code !== 0) fail(`${run} ended with ${code}: ${said}`);
      if (/is skipped/.test(said)) fail(said);
      over = code === 0;
      if (!over) counts.kills++;
      if (!existsSync(join(run, 'config.yaml'))) counts.beforeTheRun++;
      if (counts.kills % 20 === 0)
        console.error(`${counts.kills} kills, at ${checkpoints(run).at(-1)}`);
    }
    counts.files += check(run);
  }
  if (!isDeepStrictEqual(resultOf(run), expected))
    fail(`${run} came to other numbers than ${whole}`);
  counts.ends++;
}
rmSync(folder, { recursive: true });
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(
  `${options.backend}, seed ${options.seed}: ${counts.kills} kills (${counts.beforeTheRun} before there was a run), ` +
    `${counts.files} files checked after them, none corrupt; ${counts.ends} runs of ${options.steps} steps ended at the ` +
    `very weights, metrics and models of an uninterrupted one; ${minutes} minutes`,
);
