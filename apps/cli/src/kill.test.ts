import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { runTgan } from './testing/run-tgan.js';
import { checkpointsOf, resultOf, tinyRuns } from './testing/tiny-run.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const { folder, tiny, remove } = tinyRuns();
afterAll(remove);

const flags = ['--steps', '80', '--checkpoint-every', '3'];
const checkpoints = (run: string) =>
  existsSync(join(run, 'checkpoints')) ? checkpointsOf(run) : [];

/** Starts the program, and signals it once it has written checkpoints of its own. */
async function interrupt(run: string, signal: NodeJS.Signals, ...args: string[]) {
  const before = checkpoints(run).at(-1) ?? 'step-0000000.safetensors';
  const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
  const timer = setInterval(() => {
    if ((checkpoints(run).at(-1) ?? '') <= before) return;
    clearInterval(timer);
    child.kill(signal);
  }, 20);
  const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
  clearInterval(timer);
  return code ?? by;
}

// 200 kills at random moments: tools/kill-train.mjs.
it('a run that is killed and stopped comes to the very weights and metrics of one that is not', async () => {
  const [whole, run] = [join(folder, 'whole'), join(folder, 'run')];
  expect((await runTgan('train', tiny, '--out', whole, ...flags)).status).toBe(0);
  const begin = ['train', tiny, '--out', run, ...flags];
  expect(await interrupt(run, 'SIGKILL', ...begin)).toBe('SIGKILL');
  expect(await interrupt(run, 'SIGKILL', 'resume', run)).toBe('SIGKILL');
  expect(await interrupt(run, 'SIGTERM', 'resume', run)).toBe(143);
  expect(await interrupt(run, 'SIGINT', 'resume', run)).toBe(130);
  expect((await runTgan('resume', run)).status).toBe(0);
  expect(resultOf(run)).toEqual(resultOf(whole));
  expect(readdirSync(run, { recursive: true }).filter((name) => /\.tmp$/.test(`${name}`))).toEqual(
    [],
  );
});
