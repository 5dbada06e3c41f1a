import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Beside src, as dist is: the library finds its wasm from there.
const source = fileURLToPath(new URL('.', import.meta.url));
const compiled = fileURLToPath(new URL(`../.compiled/`, import.meta.url));

/** Node cannot run TypeScript in a process of its own: strip the types. */
beforeAll(() => {
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(join(source, name), 'utf8'), {
      compilerOptions: { ...options, verbatimModuleSyntax: true },
    });
    const target = join(compiled, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

const prelude = `
  import * as tf from '@tensorflow/tfjs';
  import { registerSimdBackend } from './index.js';
  const backend = await registerSimdBackend({ threads: 4 });
  await tf.setBackend('simd');
  const sum = () => tf.tidy(() => tf.ones([300, 300]).matMul(tf.ones([300, 300])).sum().dataSync()[0]);
  console.log('sum', sum());
`;

/** Runs a script that uses the backend, and waits for its end. */
async function run(name: string, script: string, signal?: NodeJS.Signals) {
  const file = join(compiled, `${name}.js`);
  writeFileSync(file, prelude + script);
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
    if (signal && output.includes('waiting')) child.kill(signal);
  });
  const end = await new Promise<{ code: number | null; by: string | null }>((resolve) =>
    child.once('close', (code, by) => resolve({ code, by })),
  );
  return { ...end, output };
}

describe('a process that used the threads', () => {
  it('ends by itself when its script does', async () => {
    expect(await run('plain', '')).toMatchObject({ code: 0, output: 'sum 27000000\n' });
  });

  it('ends when its script throws', async () => {
    expect(await run('throws', `throw new Error('on purpose');`)).toMatchObject({ code: 1 });
  });

  it('ends on SIGINT', async () => {
    const script = `setInterval(() => {}, 1000); console.log('waiting');`;
    expect(await run('interrupted', script, 'SIGINT')).toMatchObject({ by: 'SIGINT' });
  });

  it('may have used them in a worker thread of its own', async () => {
    const inner = `const { parentPort } = await import('node:worker_threads');
      parentPort.postMessage(sum());`;
    writeFileSync(join(compiled, 'inner.js'), prelude + inner);
    const outer = `
      const { Worker } = await import('node:worker_threads');
      const worker = new Worker(new URL('./inner.js', import.meta.url), { stdout: true });
      console.log('inner', await new Promise((resolve) => worker.once('message', resolve)));`;
    const { code, output } = await run('outer', outer);
    expect(output).toContain('inner 27000000');
    expect(code).toBe(0);
  });

  it('can stop them by removing the backend', async () => {
    const script = `await tf.setBackend('cpu'); tf.removeBackend('simd'); console.log(tf.getBackend());`;
    expect(await run('removed', script)).toMatchObject({ code: 0, output: 'sum 27000000\ncpu\n' });
  });
});
