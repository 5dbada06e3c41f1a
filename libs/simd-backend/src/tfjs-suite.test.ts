import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const folder = new URL('../tfjs-suite/', import.meta.url);

interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** Every spec that does not run on `simd`, with its reason. */
const { disabledByTfjs, definedForAnotherBackend } = JSON.parse(
  readFileSync(new URL('skipped.json', folder), 'utf8'),
) as Record<'disabledByTfjs' | 'definedForAnotherBackend', Skipped[]>;

/** What run.mjs prints. */
interface Result {
  readonly passed: number;
  readonly skipped: string[];
  readonly failures: { readonly name: string; readonly messages: string[] }[];
}

async function runSuite(...args: string[]): Promise<Result> {
  const command = [fileURLToPath(new URL('run.mjs', folder)), ...args];
  // A suite that hangs is ended, and fails.
  const options = { maxBuffer: 2 ** 26, timeout: 400_000 };
  const { stdout } = await promisify(execFile)(process.execPath, command, options);
  return JSON.parse(stdout) as Result;
}

describe("tfjs-core's own specs", () => {
  it.each(['1', '2'])(
    'pass with threads: %s',
    async (threads) => {
      const { passed, skipped, failures } = await runSuite('--threads', threads);
      expect(failures).toEqual([]);
      expect(skipped.sort()).toEqual(disabledByTfjs.map(({ name }) => name).sort());
      // The backend cpu of tfjs-core 4.22.0 passes 4,227.
      expect(passed + definedForAnotherBackend.length).toBe(4227);
    },
    400_000,
  );
});
