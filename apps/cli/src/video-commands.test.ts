import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preparePacked } from '@tgan/datasets';
import { encodeGif } from '@tgan/video-io';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRun } from './testing/make-run.js';
import { runTgan } from './testing/run-tgan.js';

let folder: string;
const at = (...path: string[]) => join(folder, ...path);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-videos-'));
  await makeRun(at('plain'));
  await makeRun(at('conditional'), { classes: 3 }, ['Archery', 'Biking', 'Diving']);
  await makeRun(at('vgan'), { model: 'vgan' });
  await makeRun(at('3d'), { model: '3d' });
});
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Runs a command that makes a strip at true size, and reads its rows of frames: `[row][frame]`, 8x8
 * bytes each.
 */
async function strip(command: string, run: string, ...flags: string[]): Promise<string[][]> {
  const out = at('strip.png');
  const { status, stderr } = await runTgan(
    command,
    at(run),
    ...flags,
    '--out',
    out,
    '--scale',
    '1',
  );
  expect(stderr).toMatch(/^tgan: .* in .*strip\.png\n$/m);
  expect(status).toBe(0);
  const { data, info } = await sharp(out)
    .toColorspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const cell = (top: number, left: number) =>
    Array.from({ length: 8 }, (_, y) =>
      data
        .subarray((top + y) * info.width + left, (top + y) * info.width + left + 8)
        .toString('hex'),
    ).join();
  return Array.from({ length: (info.height + 2) / 10 }, (_, row) =>
    Array.from({ length: (info.width + 2) / 10 }, (_, frame) => cell(10 * row, 10 * frame)),
  );
}
const sampled = async (run: string, ...flags: string[]) =>
  (await strip('sample', run, '--count', '1', ...flags))[0];

describe('tgan train', () => {
  it('keeps the names of the labels beside a conditional run', async () => {
    const flags = [
      '--steps',
      '1',
      '--batch-size',
      '2',
      '--sample-count',
      '2',
      '--out',
      at('digits'),
    ];
    const { status } = await runTgan('train', 'moving-mnist-tiny', ...flags);
    expect(status).toBe(0);
    const names = JSON.parse(readFileSync(at('digits', 'labels.json'), 'utf8'));
    expect(names).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const two = await runTgan('train', 'moving-mnist-tiny', '--digits', '2', '--out', at('two'));
    expect(two.stderr).toMatch(/digits: labeled clips have 1 digit/);
    expect(two.status).toBe(2);
  });
});

describe('tgan sample', () => {
  it('makes each label in turn, or the one that is named', async () => {
    const rows = await strip('sample', 'conditional', '--count', '3');
    const named = await strip('sample', 'conditional', '--count', '3', '--label', 'Biking');
    expect(named[1]).toEqual(rows[1]);
    expect(named[0]).not.toEqual(rows[0]);
    expect(await strip('sample', 'conditional', '--count', '3', '--label', '1')).toEqual(named);
  });

  it('truncates latents, down to the one in the center', async () => {
    const [one, other] = await strip('sample', 'plain', '--count', '2', '--truncation', '0');
    expect(one).toEqual(other);
    const whole = await strip('sample', 'plain', '--count', '2');
    expect(await strip('sample', 'plain', '--count', '2', '--truncation', '1')).toEqual(whole);
    expect(await strip('sample', 'plain', '--count', '2', '--truncation', '0.5')).not.toEqual(
      whole,
    );
  });

  it("shows the parts of a vgan's videos", async () => {
    const rows = await strip('sample', 'vgan', '--count', '2', '--streams');
    expect(rows).toHaveLength(8);
    const videos = await strip('sample', 'vgan', '--count', '2');
    expect([rows[0], rows[4]]).toEqual(videos);
    expect(new Set(rows[3]).size).toBe(1); // the background stands still
    expect(new Set(rows[1]).size).toBe(4);
  });
});

describe('tgan interpolate', () => {
  it('puts frames between frames, which stay', async () => {
    const original = await sampled('plain', '--seed', '5');
    const [smooth] = await strip('interpolate', 'plain', '--seed', '5', '--factor', '3');
    expect(smooth).toHaveLength(10);
    expect(smooth.filter((_, i) => i % 3 === 0)).toEqual(original);
    expect(new Set(smooth).size).toBe(10);
  });

  it('shows the video as it was beside it', async () => {
    const original = await sampled('conditional', '--label', 'Diving');
    const flags = ['--label', 'Diving', '--factor', '2', '--beside'];
    const [was, smooth] = await strip('interpolate', 'conditional', ...flags);
    expect(was).toEqual([0, 0, 1, 1, 2, 2, 3].map((frame) => original[frame]));
    expect(smooth.filter((_, i) => i % 2 === 0)).toEqual(original);
  });
});

describe('tgan transition', () => {
  it.each(['linear', 'spherical'])('begins and ends with the two videos (%s)', async (path) => {
    const ends = [await sampled('plain', '--seed', '3'), await sampled('plain', '--seed', '4')];
    const flags = ['--from', '3', '--to', '4', '--path', path];
    const [film] = await strip('transition', 'plain', ...flags, '--between', '5');
    expect(film).toHaveLength(4 + 5 + 4);
    expect([film.slice(0, 4), film.slice(-4)]).toEqual(ends);
    const rows = await strip('transition', 'plain', ...flags, '--grid', '--steps', '4');
    expect(rows).toHaveLength(4);
    expect([rows[0], rows[3]]).toEqual(ends);
    expect(rows[1]).not.toEqual(rows[0]);
  });

  it('makes a grid with baselines, which have no film', async () => {
    expect(await strip('transition', '3d', '--grid')).toHaveLength(8);
    const { status, stderr } = await runTgan('transition', at('3d'), '--out', at('x.gif'));
    expect(stderr).toMatch(/a film \(not --grid\) needs a latent for each frame, which the 3d/);
    expect(status).toBe(2);
  });
});

describe('tgan project', () => {
  it('finds a video that the model made, read from a file of any kind', async () => {
    await runTgan('sample', at('plain'), '--count', '1', '--seed', '9', '--out', at('given.gif'));
    const found = at('found.webp');
    const flags = ['--steps', '150', '--seed', '1', '--out', found, '--json'];
    const { status, stdout, stderr } = await runTgan(
      'project',
      at('plain'),
      at('given.gif'),
      ...flags,
    );
    expect(stderr).toMatch(
      /the clip \(left\) and the found video \(right\), mean squared error 0\.00/,
    );
    expect(status).toBe(0);
    const { picture, error } = JSON.parse(stdout);
    expect(picture).toBe(found);
    const start = await runTgan('project', at('plain'), at('given.gif'), ...flags, '--steps', '1');
    expect(error).toBeLessThan(JSON.parse(start.stdout).error / 10);
    expect(readFileSync(found).subarray(8, 12).toString()).toBe('WEBP');
  });

  it('ends at Ctrl-C with the cursor and the wrapping of lines back', async () => {
    await runTgan('sample', at('plain'), '--count', '1', '--out', at('long.gif'));
    const { isTTY } = process.stderr;
    process.stderr.isTTY = true;
    const watch = setInterval(() => {
      if (process.listenerCount('SIGINT') > 0) process.emit('SIGINT');
    }, 20);
    const flags = ['--steps', '5000', '--out', at('never.gif')];
    const { stderr } = await runTgan('project', at('plain'), at('long.gif'), ...flags).finally(
      () => {
        clearInterval(watch);
        process.stderr.isTTY = isTTY;
      },
    );
    expect(process.exitCode).toBe(130);
    process.exitCode = 0;
    const last = (code: string) => stderr.lastIndexOf(code);
    expect(last('\x1b[?25l')).toBeGreaterThanOrEqual(0);
    expect(last('\x1b[?25h')).toBeGreaterThan(last('\x1b[?25l'));
    expect(last('\x1b[?7l')).toBeGreaterThanOrEqual(0);
    expect(last('\x1b[?7h')).toBeGreaterThan(last('\x1b[?7l'));
    expect(stderr).toMatch(/tgan: stopped\n$/);
    expect(existsSync(at('never.gif'))).toBe(false);
  });

  it('predicts the rest of a clip of a packed file, whose label it knows', async () => {
    const bytes = (video: number) => new Uint8Array(64).fill(60 * video);
    await preparePacked(
      {
        frame: { height: 8, width: 8, channels: 1 },
        classes: ['Archery', 'Biking', 'Diving'],
        provenance: {},
        videos: [0, 1, 2].map((label) => ({
          name: `video-${label}`,
          label,
          async *frames() {
            for (let t = 0; t < 6; t++) yield bytes(label);
          },
        })),
      },
      at('three.tgan'),
      { minFrames: 4 },
    );
    const data = ['--data', at('three.tgan'), '--index', '2', '--seed', '1'];
    const flags = ['--steps', '5', '--fit-frames', '2'];
    const project = (...more: string[]) =>
      strip('project', 'conditional', ...data, ...flags, ...more);
    const [given, found] = await project();
    expect(given).toEqual(
      Array(4).fill(
        Buffer.from(bytes(2))
          .toString('hex')
          .replace(/.{16}(?=.)/g, '$&,'),
      ),
    );
    expect(await project('--label', 'Diving')).toEqual([given, found]);
    expect((await project('--label', 'Archery'))[1]).not.toEqual(found);
    const { stderr } = await runTgan(
      'project',
      at('conditional'),
      ...data,
      ...flags,
      '--out',
      at('p.gif'),
    );
    expect(stderr).toMatch(/mean squared error \d\.\d+, \d\.\d+ over the 2 predicted frames, in/);
  });
});

describe('wrong input', () => {
  beforeAll(async () => {
    const film = {
      frames: 2,
      height: 8,
      width: 8,
      channels: 1 as const,
      data: new Uint8Array(128),
    };
    writeFileSync(at('short.gif'), await encodeGif(film));
    writeFileSync(at('text.gif'), 'no film');
  });
  const long = Array.from({ length: 20 }, (_, i) => `class ${i}`);

  it.each<[string[], RegExp, number]>([
    [
      ['sample', 'conditional', '--label', 'Bikin'],
      /no label "Bikin", did you mean "Biking"\?; choose from: Archery, Biking, Diving$/,
      2,
    ],
    [['sample', 'conditional', '--label', '3'], /there is no label "3"/, 2],
    [
      ['sample', 'plain', '--label', 'Biking'],
      /--label Biking: the model of .*plain takes no labels/,
      2,
    ],
    [
      ['sample', 'many', '--label', 'Biking'],
      /choose from: class 0, .*, class 11, \.\.\. \(20 in all\)$/,
      2,
    ],
    [
      ['sample', 'plain', '--streams'],
      /--streams shows the parts of a vgan's videos; .*plain holds a tgan/,
      2,
    ],
    [
      ['sample', 'plain', '--out', 'nowhere/x.gif'],
      /cannot write .*nowhere\/x.gif: there is no such file or folder/,
      2,
    ],
    [['sample', 'plain', '--scale', '99'], /grid: scale: expected a number <= 32, got 99/, 2],
    [['interpolate', 'nowhere'], /nowhere holds no run/, 2],
    [['interpolate', 'vgan'], /interpolate needs a latent for each frame, which the vgan of/, 2],
    [
      ['interpolate', 'plain', '--out', 'x.avi'],
      /the extension must be .gif, .webp, .mp4 or .png/,
      2,
    ],
    [['transition', 'plain', '--grid', '--steps', '1'], /--steps 1: a grid includes both ends/, 2],
    [['project', 'plain'], /project needs one clip: give the path of a video, or --data/, 2],
    [['project', 'plain', 'missing.mp4'], /there is no file .*missing.mp4/, 2],
    [['project', 'plain', 'short.gif'], /short.gif has 2 frames, and this model makes 4/, 2],
    [['project', 'plain', 'text.gif'], /text.gif: no frame could be decoded/, 1],
    [
      ['project', 'plain', 'short.gif', '--fit-frames', '4'],
      /--fit-frames 4: this model makes 4 frames/,
      2,
    ],
    [['project', 'plain', 'short.gif', '--data', 'three.tgan'], /project needs one clip/, 2],
    [
      ['project', 'plain', '--data', 'three.tgan', '--index', '3'],
      /--index 3: .*three.tgan has clips 0 .. 2/,
      2,
    ],
    [
      ['project', 'large', '--data', 'three.tgan'],
      /are 8 x 8 pixels with 1 channels, the model's 16 x 16 with 1/,
      2,
    ],
    [['project', 'plain', '--data', 'text.gif'], /text.gif: /, 1],
  ])('%j is told in one line', async (args, message, code) => {
    await makeRun(at('many'), { classes: 20 }, long).catch(() => {});
    await makeRun(at('large'), { imageSize: 16 }).catch(() => {});
    const names = /\.(gif|mp4|avi|tgan)$|^(plain|conditional|vgan|many|large|nowhere)$/;
    const paths = args.map((arg) => (names.test(arg) ? at(arg) : arg));
    const out = args.includes('--out') ? [] : ['--out', at('unwanted.gif')];
    const { status, stdout, stderr } = await runTgan(...paths, ...out);
    expect(stderr.trim()).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(status).toBe(code);
  });

  it.each([
    ['sample', 'x', '--truncation', '2'],
    ['transition', 'x', '--path', 'round'],
    ['interpolate', 'x', '--factor', '0'],
    ['project', 'x', 'y', '--learning-rate', 'fast'],
    ['sample', 'x', '--count', '1000000000'],
    ['interpolate', 'x', '--factor', '1000000000'],
    ['transition', 'x', '--between', '1000000000'],
    ['project', 'x', '--starts', '1000000000'],
  ])('%s %s %s %s is explained by the parser', async (...args) => {
    const { status, stderr } = await runTgan(...args);
    expect(stderr).toMatch(/^error: /);
    expect(status).toBe(2);
  });
});
