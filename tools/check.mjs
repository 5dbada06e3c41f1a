// What `npm test` runs: format, lint, types, build, all tests, the site, also in a browser, and the
// package checks.
// Ends with a line "N passed, N failed", where every test counts and every other check counts as
// one.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canRunNode24, hasNode24, onNode24 } from './node24.mjs';

const root = new URL('..', import.meta.url).pathname;
// The site is built below a path, as it may be hosted.
process.env.SITE_URL ??= 'https://tgan.example/tgan/';
const counts = { passed: 0, failed: 0 };
const failures = [];
/** How many lines of a failed check are shown again at the end, and those of each. */
const ENDING = 25;
const endings = new Map();

/** Runs a command and counts it as one check. */
function check(title, command, args) {
  const started = performance.now();
  console.log(`\n--- ${title}`);
  const { status } = spawnSync(command, args, options('inherit'));
  conclude(title, status, started);
}

/** Runs commands at the same time and counts each as one check. Each prints all when it ends. */
async function checkTogether(commands) {
  await Promise.all(
    commands.map(async ([title, command, args]) => {
      const started = performance.now();
      const child = spawn(command, args, options('pipe'));
      const printed = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => printed.push(chunk));
      }
      const [status] = await once(child, 'close');
      const text = String(Buffer.concat(printed));
      console.log(`\n--- ${title}\n${text}`);
      conclude(title, status, started);
      if (status !== 0) endings.set(title, text.trimEnd().split('\n').slice(-ENDING).join('\n'));
    }),
  );
}

const options = (output) => ({
  cwd: root,
  stdio: ['ignore', output, output],
  shell: isWindows,
  env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
});

function conclude(title, status, started) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`--- ${title}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  count(title, status === 0);
}

function count(title, passed) {
  counts[passed ? 'passed' : 'failed']++;
  if (!passed) failures.push(title);
}

const isWindows = process.platform === 'win32';
const nx = (...targets) => ['nx', 'run-many', '-t', ...targets, '--outputStyle=static'];

/** Counts every test of every project out of vitest's reports. */
function countTests() {
  const folder = join(root, '.nx', 'test-reports');
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const suite of report.testResults) {
      if (suite.assertionResults.length === 0) count(`${file}: ${suite.name}`, false);
      for (const { fullName, status } of suite.assertionResults) {
        if (status === 'passed' || status === 'failed') count(fullName, status === 'passed');
      }
    }
  }
}

await checkTogether([
  ['format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']],
  ['spelling', 'npx', ['cspell', '--no-progress', '--quiet', '.']],
]);
check('lint, types, build', 'npx', nx('lint', 'typecheck', 'build', 'reference'));
// From here on nothing may ask nx for a build: it would put back the files of dist, one by one,
// under those who read them.

rmSync(join(root, '.nx', 'test-reports'), { recursive: true, force: true });
check('tests', 'npx', [...nx('test'), '--skip-nx-cache']);
countTests();

// Older Nodes run the wide kernels of the simd backend on narrow vectors only.
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', '../../vitest.config.ts'];
const onWideVectors = onNode24([...vitest, '--root', 'libs/simd-backend']);
if (!hasNode24 && !canRunNode24()) {
  console.log('npm cannot fetch Node 24 here: the tests of simd-backend did not run on it');
}
const { CHROMIUM = '/usr/bin/chromium', REQUIRE_CHROMIUM, REQUIRE_FFMPEG } = process.env;
const hasChromium = existsSync(CHROMIUM) || REQUIRE_CHROMIUM;
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0 || REQUIRE_FFMPEG;
if (!hasFfmpeg) console.log('there is no ffmpeg: the commands of the guides were not run');
const texts = ['guides and READMEs do what they say', 'node', ['tools/texts/check.mjs']];
// Each of these keeps one core busy.
await checkTogether([
  ...(hasFfmpeg ? [texts] : []),
  ...(!hasNode24 && canRunNode24() ? [['simd-backend on Node 24', 'npm', onWideVectors]] : []),
  ['site', 'npx', ['vitepress', 'build', 'apps/docs']],
]);
await checkTogether([
  // The tools import the built packages.
  ['types of the tools', 'npx', ['tsc', '-p', 'tools/tsconfig.json']],
  ['references of the packages', 'npx', [...nx('docs'), '--exclude=@tgan/docs']],
  ['public API has docs', 'node', ['tools/check-docs.mjs']],
  ['names stand in registries alone', 'node', ['tools/check-names.mjs']],
  ['unused code and dependencies', 'npx', ['knip']],
  ['public API is that of the reports', 'node', ['tools/api-reports.mjs']],
  ['a release can be made', 'node', ['tools/check-release.mjs']],
  ['packages as a stranger gets them', 'node', ['tools/pack/check.mjs']],
]);
if (!hasChromium) console.log(`there is no ${CHROMIUM}: nothing was opened in a browser`);
// A video has to move soon in the playground, so few others are busy then. Its files are read by
// ffprobe.
if (hasChromium) {
  await checkTogether([
    ...(hasFfmpeg ? [['the playground', 'node', ['apps/docs/e2e/playground.mjs']]] : []),
    ['the pages of the site', 'node', ['apps/docs/e2e/site.mjs']],
  ]);
  await checkTogether([
    ['the tools of the site', 'node', ['apps/docs/e2e/tools.mjs']],
    ['training in a page', 'node', ['apps/docs/e2e/training.mjs']],
    ['the page of tgan serve', 'node', ['apps/cli/e2e/serve.mjs']],
  ]);
}

for (const [title, ending] of endings) console.log(`\n--- the end of: ${title}\n${ending}`);
if (failures.length > 0) console.log(`\nfailed:\n${failures.map((f) => `  ${f}`).join('\n')}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
