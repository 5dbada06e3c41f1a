// Runs the specs that tfjs-core publishes: node run.mjs [--backend simd] [--threads 1] [--only
// NAME] Prints one JSON object: the number of specs that passed, the names of those skipped, and
// the failures.
import { createRequire, register } from 'node:module';
import { parseArgs } from 'node:util';

const { backend, threads, only } = parseArgs({
  options: {
    backend: { type: 'string', default: 'simd' },
    threads: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
}).values;

const require = createRequire(import.meta.url);
globalThis.require = require; // tfjs-core asks for jasmine-core and node-fetch by it.
register('./hooks.mjs', import.meta.url);

const jasmineCore = require('jasmine-core');
const jasmine = jasmineCore.boot(jasmineCore);
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops');
await import('@tensorflow/tfjs-core/dist/register_all_gradients');
await import('@tensorflow/tfjs-backend-cpu');
if (backend === 'simd') {
  const { registerSimdBackend } = await import('../src/index.ts');
  await registerSimdBackend({ threads: Number(threads) });
}
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util');
setTestEnvs([{ name: backend, backendName: backend, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests');

const result = { passed: 0, skipped: [], failures: [] };
const fail = (name, expectations) =>
  result.failures.push({ name, messages: expectations.map(({ message }) => message) });

const env = jasmine.getEnv();
jasmine.DEFAULT_TIMEOUT_INTERVAL = 20_000;
env.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(only) });
env.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    if (status === 'passed') result.passed++;
    else if (status === 'failed') fail(fullName, failedExpectations);
    else if (fullName.includes(only)) result.skipped.push(fullName);
  },
  suiteDone({ fullName, failedExpectations = [] }) {
    if (failedExpectations.length > 0) fail(fullName, failedExpectations);
  },
});
const { log } = console;
for (const name of ['log', 'warn', 'error', 'info']) console[name] = () => {}; // tfjs's own chatter
const { overallStatus, incompleteReason } = await env.execute();
if (overallStatus !== 'passed' && !only) fail(overallStatus, [{ message: incompleteReason }]);
log(JSON.stringify(result));
process.exit(0);
