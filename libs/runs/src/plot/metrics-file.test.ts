import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsFile } from './metrics-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-metrics-'));
  path = join(folder, 'metrics.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const text = (steps: readonly number[]) =>
  steps.map((step) => `${JSON.stringify({ step, value: step / 2, note: 'é' })}\n`).join('');
const stepsOf = ({ metrics }: MetricsFile) => metrics.get('value').get('value')?.steps ?? [];

describe('MetricsFile', () => {
  it('reads a growing file as the whole, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(60), { maxLength: 20 }), async (cuts) => {
        const bytes = Buffer.from(text([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        await writeFile(path, '');
        const file = new MetricsFile(path);
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          await appendFile(path, bytes.subarray(at, at + cut));
          at += cut;
          await file.read();
        }
        expect(stepsOf(file)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        expect(await file.read()).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('begins anew when a resumed run has replaced the file, by a longer one too', async () => {
    await writeFile(path, text([1, 2, 3]));
    const file = new MetricsFile(path);
    await file.read();
    for (const steps of [
      [1, 2],
      [1, 2, 30, 40, 50],
    ]) {
      await writeFile(`${path}.tmp`, text(steps));
      await rename(`${path}.tmp`, path);
      expect(await file.read()).toBe(true);
      expect(stepsOf(file)).toEqual(steps);
    }
  });

  it('skips damage: lines that are no JSON, no objects, without a step, or of megabytes', async () => {
    const damage = ['{"step":2,"val', 'null', '3', '{"value":1}', '{"step":"2","value":1}'];
    const long = `{"step":3,"value":"${'x'.repeat(3 << 20)}"}`;
    await writeFile(path, `${text([1])}${[...damage, long].join('\n')}\n${text([4])}`);
    const file = new MetricsFile(path);
    await file.read();
    expect(stepsOf(file)).toEqual([1, 4]);
  });

  it('takes the later of steps that came twice, groups, and null for what is no number', async () => {
    const lines = [
      { step: 1, value: 1, sigma: { a: 1, b: null } },
      { step: 2, value: 2 },
      { step: 3, value: 3, sigma: { a: 3 } },
      { step: 2, value: 20 },
    ];
    await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const { metrics } = await (async () => {
      const file = new MetricsFile(path);
      await file.read();
      return file;
    })();
    expect(metrics.get('value').get('value')).toEqual({ steps: [1, 2], values: [1, 20] });
    expect([...metrics.get('sigma').keys()]).toEqual(['a', 'b']);
    expect(metrics.get('sigma').get('b')!.values).toEqual([NaN]);
    expect(metrics.names).toEqual(['value', 'sigma']);
    expect(metrics.last).toEqual({ value: 20 });
    expect(metrics.get('constructor').size).toBe(0);
  });

  it('says when there is no file', async () => {
    await expect(new MetricsFile(join(folder, 'no')).read()).rejects.toThrow(/ENOENT/);
  });
});
