import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BINDINGS_VERSION, inOrder } from './kernel-bindings.js';
import { compileKernels } from './wasm.js';

const library = fileURLToPath(new URL('..', import.meta.url));
const committed = readFileSync(join(library, 'src', 'kernel-bindings.ts'), 'utf8');

const generator = new URL('../bindings.mjs', import.meta.url).href;
const { makeBindings } = (await import(generator)) as {
  makeBindings: (folder: string) => Promise<{ text: string; version: number }>;
};

describe('the bindings of the kernels', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'kernel-bindings-'));
    cpSync(join(library, 'assembly'), join(copy, 'assembly'), { recursive: true });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  /** The bindings after one edit in a copy of assembly/. */
  async function edited(file: string, before: string, after: string) {
    const path = join(copy, 'assembly', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(before);
    writeFileSync(path, text.replace(before, after));
    try {
      return await makeBindings(copy);
    } finally {
      writeFileSync(path, text);
    }
  }

  it('are those that assembly/ gives', async () => {
    const { text, version } = await makeBindings(library);
    expect(text).toBe(committed);
    expect(version).toBe(BINDINGS_VERSION);
  });

  it.each([
    ['place of an argument', 'copy.ts', 'size: i32,\n  block: i32', 'block: i32,\n  size: i32'],
    ['name of an argument', 'gemm.ts', 'accumulate: bool,\n  upper', 'add: bool,\n  upper'],
    ['type of an argument', 'copy.ts', 'value: f32', 'value: i32'],
    ['number of arguments', 'copy.ts', 'block: i32,\n  value: f32', 'block: i32'],
    ['constant', 'im2col.ts', 'IM2COL_ROWS: i32 = 64', 'IM2COL_ROWS: i32 = 32'],
    ['constant of a constant', 'memory.ts', 'TERM_BLOCK: i32 = 256', 'TERM_BLOCK: i32 = 512'],
    ['field of a structure', 'winograd/plan.ts', 'xd: i32;\n  xh: i32;', 'xh: i32;\n  xd: i32;'],
    ['operation', 'elementwise/unary.ts', '  negate,\n  absolute,', '  absolute,\n  negate,'],
    ['function', 'winograd/kinds.ts', 'kind < 2 ? 1 : kind + 1', 'kind < 3 ? 1 : kind + 1'],
  ])('change with a %s', async (_, file, before, after) => {
    const { text, version } = await edited(file, before, after);
    expect(text).not.toBe(committed);
    expect(version).not.toBe(BINDINGS_VERSION);
  });

  it('put arguments in the order of assembly/', async () => {
    const swapped = ['size: i32,\n  block: i32', 'block: i32,\n  size: i32'] as const;
    const { text } = await edited('copy.ts', ...swapped);
    expect(committed).toContain('fill: (a) => [a.target, a.size, a.block, a.value]');
    expect(text).toContain('fill: (a) => [a.target, a.block, a.size, a.value]');
  });

  it.each([
    ['copy.ts', 'thread: i32,\n  target: usize,\n  size', 'target: usize,\n  size', 'thread: i32'],
    ['copy.ts', 'value: f32', 'value: f64', 'f64'],
    ['winograd/kinds.ts', '1 : kind + 1', '1 : kind / 2', 'does not divide'],
    ['winograd/plan.ts', 'xd: i32', 'xd: f64', '32 bits'],
  ])('name the line of %s that they cannot express', async (file, before, after, message) => {
    const refused = edited(file, before, after);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(new RegExp(`${file}:\\d+: `));
  });

  it.each(['simd', 'relaxed-simd'] as const)('fit the module %s', async (build) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const { module } = await compileKernels({ build });
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const kernels = Object.entries(exports).filter(([, value]) => typeof value === 'function');
    expect(kernels.map(([name]) => name).sort()).toEqual(Object.keys(inOrder).sort());
    for (const [name, order] of Object.entries(inOrder)) {
      const parameters = (exports[name] as (...args: number[]) => void).length;
      // The task and the thread come first.
      expect(parameters, name).toBe(2 + (order as (args: object) => number[])({}).length);
    }
    expect((exports['bindingsVersion'] as WebAssembly.Global).value).toBe(BINDINGS_VERSION);
  });
});
