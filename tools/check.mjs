// What `npm test` runs: format, lint, types, build, all tests, the site and the package checks.
// Ends with a line "N passed, N failed", where every test counts and every other check counts as
// one.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canRunNode24, hasNode24, onNode24 } from './node24.mjs';

const root = new URL('..', import.meta.url).pathname;
const counts = { passed: 0, failed: 0 };
const failures = [];

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
      console.log(`\n--- ${title}\n${Buffer.concat(printed)}`);
      conclude(title, status, started);
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
const nx = (target) => ['nx', 'run-many', '-t', target, '--outputStyle=static'];

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

check('format', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']);
check('spelling', 'npx', ['cspell', '--no-progress', '--quiet', '.']);
check('lint', 'npx', nx('lint'));
check('build', 'npx', nx('build'));
// The tools import the built packages, so this comes after the build.
check('types', 'npx', nx('typecheck'));
check('types of the tools', 'npx', ['tsc', '-p', 'tools/tsconfig.json']);

rmSync(join(root, '.nx', 'test-reports'), { recursive: true, force: true });
check('tests', 'npx', [...nx('test'), '--skip-nx-cache']);
countTests();

// Older Nodes run the wide kernels of the simd backend on narrow vectors only.
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', '../../vitest.config.ts'];
const onWideVectors = onNode24([...vitest, '--root', 'libs/simd-backend']);
if (!hasNode24 && !canRunNode24()) {
  console.log('npm cannot fetch Node 24 here: the tests of simd-backend did not run on it');
}
// Each of these keeps one core busy.
await checkTogether([
  ...(!hasNode24 && canRunNode24() ? [['simd-backend on Node 24', 'npm', onWideVectors]] : []),
  ['site', 'npx', nx('docs')],
]);
await checkTogether([
  ['public API has docs', 'node', ['tools/check-docs.mjs']],
  ['names stand in registries alone', 'node', ['tools/check-names.mjs']],
  ['unused code and dependencies', 'npx', ['knip']],
  ['public API is that of the reports', 'node', ['tools/api-reports.mjs']],
  ['a release can be made', 'node', ['tools/check-release.mjs']],
]);
check('packages as a stranger gets them', 'node', ['tools/pack/check.mjs']);

if (failures.length > 0) console.log(`\nfailed:\n${failures.map((f) => `  ${f}`).join('\n')}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
