import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Random } from '@tgan/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inJavaScript, inWebAssembly, workspaceOf, type Workspace } from './householder.js';
import { backTransform, tridiagonalize } from './tridiagonal.js';

const inWasm = (size: number) => inWebAssembly(size)!;
const numbers = (random: Random, count: number) => Float64Array.from(random.uniform(count, -1, 1));

/** Fills a workspace with random numbers, the same for every workspace of a size and seed. */
function fill(workspace: Workspace, size: number, seed: number): void {
  const random = new Random(seed);
  workspace.matrix.set(numbers(random, size * size));
  for (const vector of workspace.vectors) vector.set(numbers(random, size));
  workspace.scales.set(numbers(random, size));
}

/** Everything in a workspace, in one array. */
const contents = ({ matrix, vectors, scales }: Workspace) =>
  [matrix, ...vectors, scales].flatMap((array) => [...array]);

/** What `use` leaves in a workspace of either kind. */
function leave(size: number, seed: number, use: (workspace: Workspace) => void): number[][] {
  return [inWasm, inJavaScript].map((make) => {
    const workspace = make(size);
    fill(workspace, size, seed);
    use(workspace);
    return contents(workspace);
  });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(bound);
  }
}

describe('the loops of the Householder reduction', () => {
  afterEach(() => vi.unstubAllGlobals());

  const sizes = fc.integer({ min: 1, max: 40 });

  it('sweep alike in WebAssembly and in JavaScript, from any row on', () => {
    const cases = sizes.chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat()));
    fc.assert(
      fc.property(cases, ([size, start, seed]) => {
        const sweep = (workspace: Workspace) => workspace.sweep(start, 0, 1, 2, 3);
        const [wasm, javaScript] = leave(size, seed, sweep);
        expectClose(wasm, javaScript, 1e-12);
      }),
    );
  });

  it('reflect alike, and pass over a reflection of scale 0', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.boolean(), (size, seed, zero) => {
        const [wasm, javaScript] = leave(size, seed, (workspace) => {
          // As scales of true reflections are: else the numbers grow with every row.
          workspace.scales.forEach((scale, i) => (workspace.scales[i] = scale / size));
          if (zero) workspace.scales[size >> 1] = 0;
          workspace.reflect();
        });
        expectClose(wasm, javaScript, 1e-12);
      }),
    );
  });

  it('give the same tridiagonal matrix, and turn vectors alike', () => {
    for (const size of [1, 2, 3, 48, 49, 101]) {
      const random = new Random(size);
      const matrix = numbers(random, size * size);
      const z = numbers(random, 8 * size);
      const [wasm, javaScript] = [inWasm, inJavaScript].map((make) => {
        const tridiagonal = tridiagonalize(matrix, size, make(size));
        const turned = z.slice();
        backTransform(tridiagonal, turned);
        return { ...tridiagonal, turned };
      });
      expectClose(wasm.diagonal, javaScript.diagonal, 1e-11);
      expectClose(wasm.offDiagonal, javaScript.offDiagonal, 1e-11);
      expectClose(wasm.turned, javaScript.turned, 1e-11);
    }
  });

  it('run in WebAssembly for large matrices, and in JavaScript where that is refused', () => {
    const isShared = ({ matrix, scales }: Workspace) => matrix.buffer === scales.buffer;
    expect(isShared(workspaceOf(64))).toBe(true);
    expect(isShared(workspaceOf(16))).toBe(false);
    vi.stubGlobal('WebAssembly', undefined);
    expect(inWebAssembly(64)).toBeUndefined();
    expect(isShared(workspaceOf(64))).toBe(false);
  });

  it('are in householder-wasm.ts as assembly/ gives them', () => {
    const script = fileURLToPath(new URL('../build-wasm.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  });
});
