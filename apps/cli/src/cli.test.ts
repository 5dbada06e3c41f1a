import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatNpy } from '@tgan/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const narrow = `imageSize: 32
temporalWidths: [16, 8, 8, 8]
imageWidths: [16, 8, 8, 4]
criticWidths: [4, 4, 4, 4]
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-cli-'));
  writeFileSync(join(folder, 'narrow.yaml'), narrow);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the built program in the temporary folder, as a user would. */
function tgan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const small = ['--steps', '6', '--sample-every', '3', '--batch-size', '2', '--sample-count', '4'];
const train = (...args: string[]) => tgan('train', 'moving-mnist-tiny', ...small, ...args);

describe('tgan train', () => {
  it('leaves configuration, metrics, curves, samples and weights', () => {
    const { status, stdout, stderr } = train('--out', 'run', '--json');
    expect(stderr).toContain('run folder run');
    expect(status).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ run: 'run', last: { step: 6 } });

    const run = join(folder, 'run');
    const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
    expect(metrics.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Object.keys(JSON.parse(metrics[4]).singularValues)).toHaveLength(9);
    expect(readFileSync(join(run, 'curves.svg'), 'utf8')).toMatch(/^<svg/);
    expect(readdirSync(join(run, 'samples'))).toEqual([
      'step-0000003.gif',
      'step-0000003.png',
      'step-0000006.gif',
      'step-0000006.png',
    ]);
    expect(readFileSync(join(folder, summary.samples)).subarray(0, 6).toString()).toBe('GIF89a');
    expect(readdirSync(join(run, 'models')).length).toBeGreaterThan(1);
  });

  it('gives the same numbers from the same seed, and others from another', () => {
    const values = (out: string, seed: string) => {
      const trained = tgan('train', 'narrow.yaml', ...small, '--out', out, '--seed', seed);
      expect(trained.status).toBe(0);
      const lines = readFileSync(join(folder, out, 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n');
      return lines.map((line) => ({ ...JSON.parse(line), seconds: 0 }));
    };
    const first = values('a', '3');
    expect(values('b', '3')).toEqual(first);
    expect(values('c', '4')).not.toEqual(first);
  });

  it.each([
    ['--objective', 'normal', '--constraint', 'none', '--noise', '0.3'],
    ['--constraint', 'weight-clipping', '--weight-limit', '0.03'],
    ['--constraint', 'gradient-penalty', '--accumulate', '2'],
    ['--constraint', 'spectral-norm', '--optimizer', 'adam'],
    ['--constraint', 'operator-norm', '--average-decay', '0.9'],
    ['--model', 'vgan', '--generator-widths', '16,8,8,4'],
  ])('trains the baselines of the paper: %s %s %s %s', (...flags) => {
    const { status, stderr } = tgan('train', 'narrow.yaml', ...small, '--json', ...flags);
    expect(stderr).toContain('tgan: done');
    expect(status).toBe(0);
  });

  it('picks a free folder in runs/ when none is named', () => {
    expect(train().stderr).toContain('run folder runs/moving-mnist-tiny\n');
    expect(train().stderr).toContain('run folder runs/moving-mnist-tiny-2\n');
    // One that cannot begin leaves none.
    expect(train('--dataset', 'packed', '--data', 'none.tgan')).toMatchObject({ status: 1 });
    const names = readdirSync(join(folder, 'runs')).filter((name) => !name.startsWith('narrow'));
    expect(names).toEqual(['moving-mnist-tiny', 'moving-mnist-tiny-2']);
  });
});

describe('tgan sample', () => {
  it('makes the same videos from the same seed, as any kind of picture', () => {
    // Long enough that the running statistics of batch norm let latents make a difference.
    expect(train('--out', 'longer', '--steps', '60', '--sample-every', '60').status).toBe(0);
    for (const out of ['s.gif', 's.webp', 's.png', 's2.png']) {
      const { status, stderr } = tgan('sample', 'longer', '--count', '3', '--out', out);
      expect(stderr).toBe(`tgan: 3 videos in ${out}\n`);
      expect(status).toBe(0);
    }
    const bytes = (name: string) => readFileSync(join(folder, name));
    expect(bytes('s.webp').subarray(8, 12).toString()).toBe('WEBP');
    expect(bytes('s2.png').equals(bytes('s.png'))).toBe(true);
    tgan('sample', 'longer', '--count', '3', '--seed', '1', '--out', 's3.png');
    expect(bytes('s3.png').equals(bytes('s.png'))).toBe(false);
  });
});

describe('tgan dataset', () => {
  it('packs, inspects and shows a data set that train then learns from', () => {
    const videos = Uint8Array.from({ length: 20 * 3 * 64 * 64 }, (_, i) => i % 251);
    const npy = formatNpy({ type: 'u1', shape: [20, 3, 64, 64], data: videos });
    writeFileSync(join(folder, 'test.npy'), npy);
    const packed = tgan(
      'dataset',
      'prepare',
      'moving-mnist',
      'test.npy',
      '--out',
      'm.tgan',
      '--json',
    );
    expect(JSON.parse(packed.stdout)).toEqual({ file: 'm.tgan', videos: 3, unusable: [] });
    const info = JSON.parse(tgan('dataset', 'info', 'm.tgan', '--json').stdout);
    expect(info).toMatchObject({ videos: 3, frames: 60, classes: 0 });
    expect(tgan('dataset', 'verify', 'm.tgan')).toMatchObject({ status: 0 });
    expect(tgan('dataset', 'preview', 'm.tgan', '--count', '2', '--out', 'p.gif').status).toBe(0);
    expect(readFileSync(join(folder, 'p.gif')).subarray(0, 6).toString()).toBe('GIF89a');

    const learn = (...args: string[]) =>
      train('--dataset', 'packed', '--data', 'm.tgan', '--out', 'packed-run', ...args);
    const wrongSize = learn();
    expect(wrongSize.stderr).toMatch(/the clips are 64 x 64 pixels .* set --image-size/);
    expect(wrongSize.status).toBe(2);
    const noLabels = learn('--image-size', '64');
    expect(noLabels.stderr).toMatch(/no labels.*--classes 0/);
    expect(noLabels.status).toBe(2);
    expect(learn('--image-size', '64', '--classes', '0').status).toBe(0);

    // The path was given from here, and is found from elsewhere.
    const config = readFileSync(join(folder, 'packed-run', 'config.yaml'), 'utf8');
    expect(config).toContain(`data: ${join(folder, 'm.tgan')}\n`);
    const resume = [main, 'resume', join(folder, 'packed-run'), '--steps', '7'];
    const elsewhere = spawnSync(process.execPath, resume, { cwd: tmpdir(), encoding: 'utf8' });
    expect(elsewhere.stderr).toContain('tgan: done');
    expect(elsewhere.status).toBe(0);
    const run = join('..', folder.split(sep).at(-1)!, 'packed-run');
    const moved = tgan('resume', run, '--steps', '8', '--data', './m.tgan', '--json');
    expect(moved).toMatchObject({ status: 0 });
    expect(moved.stderr).not.toContain('data:');

    writeFileSync(join(folder, 'm.tgan'), readFileSync(join(folder, 'm.tgan')).subarray(0, 9000));
    const damaged = tgan('dataset', 'verify', 'm.tgan');
    expect(damaged.status).toBe(1);
    expect(damaged.stderr).toMatch(/tgan: m.tgan: /);
  });
});

describe('wrong input', () => {
  it.each([
    [['train', 'moving-mnist-tinny'], /no preset "moving-mnist-tinny", did you mean/],
    [['train', 'bad.yaml'], /bad.yaml: unknown option "batchsize", did you mean "batchSize"\?/],
    [['train', 'broken.yaml'], /cannot read broken.yaml: /],
    [['train', 'missing.yaml'], /cannot read missing.yaml: there is no such file/],
    [
      ['train', 'moving-mnist-tiny', '--image-size', '50'],
      /--image-size: 50 does not fit .* 48 and 56/,
    ],
    [
      ['train', 'moving-mnist', '--frames', '20'],
      /--frames: 20 does not fit .* nearest: 16 and 32/,
    ],
    [
      ['train', 'moving-mnist-tiny', '--batch-size', '0'],
      /--batch-size: expected a number >= 2, got 0/,
    ],
    [
      ['train', 'moving-mnist-tiny', '--out', 'bad.yaml/x'],
      /cannot write to the run folder .*ENOTDIR/,
    ],
    [
      ['train', 'moving-mnist-tiny', '--out', 'run'],
      /run already holds a run; choose another folder/,
    ],
    [['train', 'moving-mnist-tiny', '--backend', 'cuda'], /no backend "cuda"; choose from: auto, /],
    [['sample', 'nowhere'], /nowhere holds no run/],
    [
      ['dataset', 'prepare', 'films', '.', '--out', 'x'],
      /no kind "films" of data set; the kinds are: /,
    ],
    [['train', 'moving-mnist-tiny', '--dataset', 'packed'], /needs --data/],
    [['sample', 'run', '--out', 'x.jpg'], /must be .gif, .webp, .mp4 or .png/],
  ])('%j gets one line and exit code 2', (args, message) => {
    writeFileSync(join(folder, 'bad.yaml'), 'batchsize: 3\n');
    writeFileSync(join(folder, 'broken.yaml'), 'steps: [3\n');
    const { status, stdout, stderr } = tgan(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('writes nothing of an unknown command that a terminal acts on', () => {
    const { status, stderr } = tgan('frobnicate\u001b[2J');
    expect(stderr).toMatch(/^error: unknown command 'frobnicate\ufffd\[2J'/);
    expect(status).toBe(2);
  });

  it.each([
    [['frobnicate']],
    [['train']],
    [['train', 'x', '--bath-size', '3']],
    [['sample', 'run', '--count', '-1']],
  ])('%j is explained by the parser, with exit code 2', (args) => {
    const { status, stderr } = tgan(...args);
    expect(stderr).toMatch(/^error: /);
    expect(status).toBe(2);
  });
});

describe('help and doctor', () => {
  it('teach without loading tfjs', () => {
    expect(tgan('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('doctor') });
    const { stdout, status } = tgan('train', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--batch-size <number>');
    expect(stdout).toContain('tgan train moving-mnist-tiny');
  });

  it('doctor lists backends with a check of their gradients, ffmpeg, MPI and the GPU', () => {
    const { stdout, status } = tgan('doctor', '--json');
    expect(status).toBe(0);
    const findings = JSON.parse(stdout).findings as { name: string; found?: string }[];
    const found = Object.fromEntries(findings.map(({ name, found }) => [name, found]));
    const names = ['Node.js', 'backend simd', 'backend cpu', 'ffmpeg', 'MPI', 'NVIDIA GPU'];
    expect(Object.keys(found)).toEqual(expect.arrayContaining(names));
    for (const backend of ['simd', 'cpu']) {
      expect(found[`backend ${backend}`]).toMatch(/, gradients correct to \de-[67]$/);
    }
  });
});
