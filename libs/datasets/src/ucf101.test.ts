import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@tgan/core';
import { FfmpegMissingError, ffmpegVersion } from '@tgan/video-io';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from './error.js';
import { packed } from './packed.js';
import { preparePacked } from './prepare.js';
import { parseClasses, parseSplit, ucf101 } from './ucf101.js';

const found = await ffmpegVersion().then(
  () => true,
  () => false,
);
const withFfmpeg = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-ucf-'));
  mkdirSync(join(folder, 'ucfTrainTestlist'));
  writeFileSync(join(folder, 'ucfTrainTestlist', 'classInd.txt'), '1 Archery\r\n2 Biking\r\n');
  list('trainlist01.txt', [
    'Archery/v_Archery_g01_c01.avi 1',
    'Archery/v_Archery_g02_c01.avi 1',
    'Biking/v_Biking_g01_c01.avi 2',
    'Biking/v_Biking_g01_c02.avi 2',
  ]);
  list('testlist01.txt', ['Biking/v_Biking_g09_c01.avi']);
});
afterAll(() => rmSync(folder, { recursive: true }));

function list(name: string, lines: string[]) {
  writeFileSync(join(folder, 'ucfTrainTestlist', name), lines.join('\r\n') + '\r\n');
}

withFfmpeg('ucf101', () => {
  beforeAll(() => {
    for (const [name, frames, rate] of [
      ['Archery/v_Archery_g01_c01.avi', 30, 25],
      ['Archery/v_Archery_g02_c01.avi', 15, 25],
      ['Biking/v_Biking_g01_c01.avi', 16, 30],
      ['Biking/v_Biking_g09_c01.avi', 20, 25],
    ] as const) {
      const path = join(folder, 'UCF-101', name);
      mkdirSync(join(path, '..'), { recursive: true });
      const source = ['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=${rate}`];
      const codec = ['-frames:v', `${frames}`, '-c:v', 'libxvid', '-q:v', '3'];
      execFileSync('ffmpeg', ['-v', 'error', ...source, ...codec, path]);
    }
  });

  it('packs a split as the original code has it: 85x64, columns 10 to 73, 16 frames', async () => {
    const set = await ucf101(folder);
    expect(set.frame).toEqual({ height: 64, width: 85, channels: 3 });
    expect(set.crop).toEqual({ top: 0, left: 10, height: 64, width: 64 });
    const path = join(folder, 'train.tgan');
    const info = await preparePacked(set, path);
    expect(info.videos.map(({ name, frames, label }) => [name, frames, label])).toEqual([
      ['Archery/v_Archery_g01_c01.avi', 30, 0],
      ['Biking/v_Biking_g01_c01.avi', 16, 1],
    ]);
    expect(info.unusable).toEqual([
      { name: 'Archery/v_Archery_g02_c01.avi', reason: '15 frames, fewer than 16' },
      { name: 'Biking/v_Biking_g01_c02.avi', reason: 'there is no such file' },
    ]);
    const ffmpeg = await ffmpegVersion();
    expect(info.provenance).toEqual({
      set: 'ucf101',
      split: 1,
      part: 'train',
      ffmpeg,
      minFrames: 16,
    });

    const source = await packed(path);
    expect(source.clip).toEqual({ frames: 16, height: 64, width: 64, channels: 3 });
    const clip = await source.read(1, new Random(1)); // 16 frames: there is one window
    const avi = join(folder, 'UCF-101', 'Biking', 'v_Biking_g01_c01.avi');
    const filter = ['-vf', 'scale=85:64,crop=64:64:10:0'];
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
    const own = execFileSync('ffmpeg', ['-v', 'error', '-i', avi, ...filter, ...raw]);
    // ffmpeg crops before it converts to RGB, and so rounds another way.
    const worst = clip.reduce((most, x, i) => Math.max(most, Math.abs(x - own[i])), 0);
    expect(own.length).toBe(clip.length);
    expect(worst).toBeLessThanOrEqual(4);
    await source.close!();
  });

  it('packs the same bytes wherever the data set is', async () => {
    const moved = `${folder}-moved`;
    await preparePacked(await ucf101(folder), join(folder, 'here.tgan'));
    renameSync(folder, moved);
    try {
      await preparePacked(await ucf101(moved), join(moved, 'there.tgan'));
      const files = ['here.tgan', 'there.tgan'].map((name) => readFileSync(join(moved, name)));
      expect(files[0].equals(files[1])).toBe(true);
    } finally {
      renameSync(moved, folder);
    }
  });

  it('knows the test part, and both', async () => {
    const names = async (part: 'test' | 'all') =>
      (await ucf101(folder, { part })).videos.map(({ name }) => name);
    expect(await names('test')).toEqual(['Biking/v_Biking_g09_c01.avi']);
    expect(await names('all')).toHaveLength(5);
    await expect(ucf101(folder, { split: 2 })).rejects.toThrow(/trainlist02.txt: cannot be read/);
    await expect(ucf101(folder, { split: 4 })).rejects.toThrow(/split: .*got 4/);
  });

  it('does not follow a link out of the folder', async () => {
    const outside = join(folder, 'outside.avi');
    const link = join(folder, 'UCF-101', 'Biking', 'v_Biking_g01_c02.avi');
    writeFileSync(outside, 'x');
    symlinkSync(outside, link);
    const info = await preparePacked(await ucf101(folder), join(folder, 'link.tgan'));
    expect(info.unusable[1].reason).toBe('a link leads out of the data folder');
    rmSync(link);
  });
});

describe('without ffmpeg', () => {
  const before = process.env.FFMPEG_PATH;
  afterEach(() => {
    if (before === undefined) delete process.env.FFMPEG_PATH;
    else process.env.FFMPEG_PATH = before;
  });

  it('ucf101 says at once how to get it', async () => {
    process.env.FFMPEG_PATH = '/nowhere/ffmpeg';
    await expect(ucf101(folder)).rejects.toThrow(FfmpegMissingError);
  });
});

describe('the lists', () => {
  const classes = ['Archery', 'Biking'];

  it('are read', () => {
    expect(parseClasses('1 Archery\n2 Biking\n')).toEqual(classes);
    expect(parseSplit('Biking/a.avi 2\n\nArchery/b.avi', classes)).toEqual([
      { name: 'Biking/a.avi', label: 1 },
      { name: 'Archery/b.avi', label: 0 },
    ]);
  });

  it.each([
    ['Biking/a.avi 1', /list:1: the class has the number 2: "Biking\/a.avi 1"/],
    ['Biking/a.avi\nBiking/a.avi', /list:2: listed twice/],
    ['Swimming/a.avi', /there is no such class/],
    ['a.avi', /expected "CLASS\/VIDEO.avi"/],
    ['../etc/passwd', /expected "CLASS\/VIDEO.avi"/],
    ['/etc/passwd', /expected "CLASS\/VIDEO.avi"/],
    ['Biking/../../x.avi', /expected "CLASS\/VIDEO.avi"/],
  ])('refuse %j', (text, message) => {
    expect(() => parseSplit(text, classes)).toThrow(message);
  });

  it('refuse names that leave the folder', async () => {
    const lists = join(folder, 'ucfTrainTestlist');
    writeFileSync(join(lists, 'classInd.txt'), '1 ..\n');
    list('testlist03.txt', ['../secret.avi']);
    const attempt = ucf101(folder, { split: 3, part: 'test' });
    if (found) await expect(attempt).rejects.toThrow(/"..\/secret.avi" leaves the data folder/);
    else await expect(attempt).rejects.toThrow(FfmpegMissingError);
    writeFileSync(join(lists, 'classInd.txt'), '1 Archery\n2 Biking\n');
  });

  it('answer 10,000 damaged texts with a DatasetError or a list', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(
          '1 Archery',
          '2 Biking',
          'Archery/a.avi 1',
          'Biking/b.avi',
          '../x',
          '\0',
          '',
        ),
        fc.string({ unit: 'binary', maxLength: 20 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom('\n', '\r\n', '\r'), (parts, end) => {
        for (const parse of [parseClasses, (text: string) => parseSplit(text, classes)]) {
          try {
            for (const item of parse(parts.join(end))) {
              if (typeof item === 'object') expect(classes[item.label]).toBeDefined();
            }
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
            expect((error as Error).message.length).toBeLessThan(1000);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
