// Runs the tests that tfjs-core publishes on the backend `simd`: node run.mjs [--threads N] [--backend NAME]
// Prints one JSON object: how many specs passed, the names of those skipped, and the failures.
import { createRequire, register } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'simd' },
    only: { type: 'string', default: '' },
  },
});
const require = createRequire(import.meta.url);
globalThis.require = require; // tfjs-core asks for jasmine and node-fetch by it.
register('./hooks.mjs', import.meta.url);

const jasmineCore = require('jasmine-core');
const jasmine = jasmineCore.boot(jasmineCore);
const tf = await import('@tensorflow/tfjs-core');
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops');
await import('@tensorflow/tfjs-core/dist/register_all_gradients');
await import('@tensorflow/tfjs-backend-cpu');
if (values.backend === 'simd') {
  const { registerSimdBackend } = await import('../src/index.ts');
  await registerSimdBackend({ threads: Number(values.threads) });
}
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util');
setTestEnvs([{ name: values.backend, backendName: values.backend, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests');

const env = jasmine.getEnv();
jasmine.DEFAULT_TIMEOUT_INTERVAL = 20_000;
env.configure({
  random: false,
  specFilter: (spec) => spec.getFullName().includes(values.only),
});
const result = { passed: 0, skipped: [], failures: [] };
env.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    if (status === 'passed') result.passed++;
    else if (status === 'failed') {
      const messages = failedExpectations.map(({ message }) => message);
      result.failures.push({ name: fullName, messages });
    } else if (status !== 'excluded') result.skipped.push(fullName);
    else result.excluded = (result.excluded ?? 0) + 1;
  },
  suiteDone({ fullName, failedExpectations = [] }) {
    for (const { message } of failedExpectations) {
      result.failures.push({ name: fullName, messages: [message] });
    }
  },
});
const log = console.log;
for (const name of ['log', 'warn', 'error', 'info']) console[name] = () => {};
await env.execute();
log(JSON.stringify(result, undefined, 1));
process.exit(0);
