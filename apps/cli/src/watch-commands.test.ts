import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTgan } from './testing/run-tgan.js';

let folder: string;
const inFolder = (...names: string[]) => join(folder, ...names);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-watch-'));
  for (const name of ['svc', 'none', 'other/svc', 'empty']) {
    mkdirSync(inFolder(name), { recursive: true });
    const lines = [1, 2, 3].map((step) => ({ step, value: step, real: step, fake: 0 }));
    const text = name === 'empty' ? '' : lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(inFolder(name, 'metrics.jsonl'), text);
    writeFileSync(inFolder(name, 'config.yaml'), 'steps: 3\n');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('tgan plot', () => {
  it('draws runs as SVG and PNG, and tells a machine what it drew', async () => {
    const svg = inFolder('curves.svg');
    const runs = [inFolder('svc'), inFolder('none')];
    const { status, stdout, stderr } = await runTgan('plot', ...runs, '--out', svg, '--json');
    expect(stderr).toBe(`tgan: wrote the curves of svc, none to ${svg}\n`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      picture: svg,
      runs: ['svc', 'none'].map((name, i) => ({
        ...{ run: runs[i], name, lastStep: 3, last: { value: 3, real: 3, fake: 0 } },
      })),
    });
    expect(readFileSync(svg, 'utf8')).toContain('Mean scores');

    const png = inFolder('curves.png');
    const flags = ['--metric', 'value', '--log', '--smooth', '0.5', '--title', 'Two', '--out', png];
    expect(await runTgan('plot', ...runs, ...flags)).toMatchObject({ status: 0, stdout: '' });
    const { data, info } = await sharp(png).grayscale().raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBe(1112);
    expect(new Set(data).size).toBeGreaterThan(20);
  });

  it('calls runs by their paths where their names are the same', async () => {
    const out = inFolder('same.svg');
    const runs = [inFolder('svc'), inFolder('other', 'svc')];
    await runTgan('plot', ...runs, '--metric', 'value', '--title', 'x', '--out', out);
    for (const run of runs) expect(readFileSync(out, 'utf8')).toContain(run.slice(0, 38));
  });

  it.each([
    [['plot', 'nowhere'], /nowhere holds no run: there is no .*metrics.jsonl/],
    [['plot', 'empty'], /empty has no metrics yet/],
    [
      ['plot', 'svc', '--metric', 'loss'],
      /no metric "loss"; choose from: value, scores, real, fake/,
    ],
    [['plot', 'svc', '--out', 'x.pdf'], /the extension must be .svg or .png/],
    [['serve', 'nowhere'], /nowhere holds no run/],
  ])('%j gets one line and exit code 2', async ([command, run, ...rest], message) => {
    const { status, stdout, stderr } = await runTgan(command, inFolder(run), ...rest);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([2, '']);
  });

  it.each([
    ['plot'],
    ['plot', 'svc', '--smooth', '1'],
    ['serve', 'svc', '--port', '65536'],
    ['serve', 'svc', '--port', '-1'],
  ])('%j %s is explained by the parser, with exit code 2', async (...args) => {
    const { status, stderr } = await runTgan(...args);
    expect(stderr).toMatch(/^error: /);
    expect(status).toBe(2);
  });
});

describe('tgan serve', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('shows a run until %s, then exits with %d', async (signal, code) => {
    const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
    const args = [main, 'serve', inFolder('svc'), '--port', '0', '--json'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'exit');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const open = await fetch(`${url}events`);
    expect(open.status).toBe(200);
    const broken = expect(open.text()).rejects.toThrow();
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    await broken;
  });
});
