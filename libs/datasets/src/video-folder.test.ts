import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegVersion } from '@tgan/video-io';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPacked } from './packed.js';
import { preparePacked } from './prepare.js';
import { folderClasses, videoFolder, type VideoFolderOptions } from './video-folder.js';

const found = await ffmpegVersion().then(
  () => true,
  () => false,
);
const withFfmpeg = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

withFfmpeg('videoFolder', () => {
  let folder: string;
  const videos = () => join(folder, 'videos');

  function make(name: string, frames: number, size: string, ...args: string[]) {
    const path = join(videos(), name);
    mkdirSync(join(path, '..'), { recursive: true });
    const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`, '-frames:v', `${frames}`];
    execFileSync('ffmpeg', ['-v', 'error', ...source, ...args, path]);
    return path;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgan-folder-'));
    const xvid = ['-c:v', 'libxvid', '-q:v', '4', '-g', '10'];
    const whole = make('cats/whole.avi', 60, '96x64', ...xvid);
    make('cats/old.avi', 20, '96x64', '-c:v', 'mpeg4', '-vtag', 'DX50');
    make('cats/anim.gif', 20, '48x48');
    make('cats/one.mp4', 1, '96x64');
    make('dogs/odd.mp4', 20, '97x63', '-pix_fmt', 'yuv444p');
    make('dogs/deep/portrait.mp4', 20, '64x96');
    make('dogs/fifteen.mp4', 15, '96x64');
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=1', '-c:a', 'aac', '-shortest'];
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1'];
    execFileSync('ffmpeg', ['-v', 'error', ...picture, ...sound, join(videos(), 'dogs/sound.mp4')]);

    const bytes = readFileSync(whole);
    for (let i = bytes.length * 0.4; i < bytes.length * 0.5; i++)
      bytes[Math.floor(i)] = (i * 77) & 255;
    writeFileSync(join(videos(), 'cats/middle.avi'), bytes);
    writeFileSync(join(videos(), 'dogs/zero.avi'), '');
    writeFileSync(join(videos(), 'dogs/text.avi'), 'no video\n');
    writeFileSync(join(videos(), 'dogs/.hidden'), 'not tried');
    symlinkSync('/etc/hostname', join(videos(), 'dogs/link.avi'));
    symlinkSync(folder, join(videos(), 'dogs/round'));
    writeFileSync(join(videos(), 'dogs/text\u001b[2J.avi'), 'x');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('packs what can be used with its class, and lists the rest with its reason', async () => {
    const set = await videoFolder(videos(), { height: 32, width: 48 });
    const path = join(folder, 'all.tgan');
    const info = await preparePacked(set, path);
    expect(info.classes).toEqual(['cats', 'dogs']);
    expect(info.videos.map(({ name, frames, label }) => [name, frames, label])).toEqual([
      ['cats/anim.gif', 20, 0],
      ['cats/middle.avi', expect.any(Number), 0],
      ['cats/old.avi', 20, 0],
      ['cats/whole.avi', 60, 0],
      ['dogs/deep/portrait.mp4', 20, 1],
      ['dogs/odd.mp4', 20, 1],
      ['dogs/sound.mp4', 25, 1],
    ]);
    const damaged = info.videos.filter(({ damage }) => damage !== undefined);
    expect(damaged.map(({ name }) => name)).toEqual(['cats/middle.avi']);
    expect(info.unusable).toEqual([
      { name: 'cats/one.mp4', reason: '1 frames, fewer than 16' },
      { name: 'dogs/fifteen.mp4', reason: '15 frames, fewer than 16' },
      { name: 'dogs/link.avi', reason: 'a link leads out of the data folder' },
      { name: 'dogs/round', reason: 'a link leads out of the data folder' },
      {
        name: 'dogs/text\u001b[2J.avi',
        reason: expect.stringMatching(/^no frame could be decoded: .*dogs\/text\u001b\[2J.avi/),
      },
      { name: 'dogs/text.avi', reason: expect.stringMatching(/^no frame could be decoded: .+/) },
      { name: 'dogs/zero.avi', reason: expect.stringMatching(/^no frame could be decoded: .+/) },
    ]);
    expect(JSON.stringify(info)).not.toContain(folder);
    await verifyPacked(path);
  });

  it('stabilizes when told, and lists what cannot be', async () => {
    const shaky = join(folder, 'shaky');
    mkdirSync(shaky);
    // A camera that slides over a fractal, and one that is turned to a gray wall half way.
    const slide = "crop=160:120:'80+6*sin(n)':'60+4*cos(2*n)'";
    const still = `mandelbrot=size=320x240:end_scale=0.01,select=eq(n\\,30),loop=19:1,setpts=N/25/TB,${slide}`;
    for (const [name, more] of [
      ['slides.mp4', ''],
      ['turned.mp4', ",drawbox=w=iw:h=ih:t=fill:color=gray:enable='gte(n,10)'"],
    ]) {
      const input = ['-v', 'error', '-f', 'lavfi', '-i', still + more];
      execFileSync('ffmpeg', [...input, '-frames:v', '20', join(shaky, name)]);
    }
    const path = join(folder, 'still.tgan');
    const info = await preparePacked(await videoFolder(shaky, { stabilize: true }), path);
    expect(info.videos.map(({ name, frames }) => [name, frames])).toEqual([['slides.mp4', 20]]);
    expect(info.unusable).toEqual([
      { name: 'turned.mp4', reason: expect.stringMatching(/^cannot be stabilized: .*frame 11/) },
    ]);
    expect(info.provenance).toMatchObject({ stabilize: true });
  });

  describe('classes', () => {
    /** Packs small videos of these names, beside whatever else lies there. */
    async function packOf(name: string, files: string[], options?: VideoFolderOptions) {
      const place = join(folder, name);
      for (const file of files) {
        mkdirSync(join(place, file, '..'), { recursive: true });
        if (file.endsWith('.gif')) copyFileSync(join(videos(), 'cats/anim.gif'), join(place, file));
        else writeFileSync(join(place, file), 'no video\n');
      }
      const out = join(folder, `${name}.tgan`);
      rmSync(out, { force: true });
      const set = await videoFolder(place, { height: 8, width: 8, ...options });
      const { classes, videos: packed, unusable } = await preparePacked(set, out);
      const labels = Object.fromEntries(packed.map(({ name, label }) => [name, label]));
      return { classes, labels, unusable };
    }

    it('are those of the videos that can be used', async () => {
      const files = ['cats/1.gif', 'dogs/2.gif', 'annotations/a.txt', 'broken/x.mp4', 'README.md'];
      const { classes, labels, unusable } = await packOf('mixed', files);
      expect(classes).toEqual(['cats', 'dogs']);
      expect(labels).toEqual({ 'cats/1.gif': 0, 'dogs/2.gif': 1 });
      expect(unusable.map(({ name }) => name)).toEqual([
        'README.md',
        'annotations/a.txt',
        'broken/x.mp4',
      ]);
      expect((await packOf('mixed', [], { labeled: false })).classes).toBeUndefined();
    });

    it('are not where a video is in no sub-folder, unless told to leave it out', async () => {
      const files = ['cats/1.gif', 'dogs/2.gif', 'loose.gif'];
      expect(await packOf('loose', files)).toEqual({
        classes: undefined,
        labels: { 'cats/1.gif': undefined, 'dogs/2.gif': undefined, 'loose.gif': undefined },
        unusable: [],
      });
      const { classes, unusable } = await packOf('loose', files, { labeled: true });
      expect(classes).toEqual(['cats', 'dogs']);
      expect(unusable).toEqual([
        { name: 'loose.gif', reason: 'it is in no sub-folder, so it has no class' },
      ]);
    });

    it('are the folders below one that all videos are in', async () => {
      const { classes } = await packOf('deep', [
        'all/set/cats/1.gif',
        'all/set/dogs/x/2.gif',
        'all/a.txt',
      ]);
      expect(classes).toEqual(['cats', 'dogs']);
      expect((await packOf('single', ['cats/1.gif', 'cats/2.gif'])).classes).toEqual(['cats']);
    });

    it.skipIf(process.platform === 'win32')('may be links to folders', async () => {
      const outside = join(folder, 'outside');
      mkdirSync(outside);
      copyFileSync(join(videos(), 'cats/anim.gif'), join(outside, '3.gif'));
      const place = join(folder, 'linked');
      mkdirSync(join(place, '.store/birds'), { recursive: true });
      copyFileSync(join(videos(), 'cats/anim.gif'), join(place, '.store/birds/4.gif'));
      symlinkSync('.store/birds', join(place, 'birds'));
      symlinkSync(outside, join(place, 'owls'));
      mkdirSync(join(place, 'cats'));
      symlinkSync('..', join(place, 'cats/up'));
      const files = ['cats/1.gif', 'dogs/2.gif'];
      const { classes, unusable } = await packOf('linked', files);
      expect(classes).toEqual(['birds', 'cats', 'dogs']);
      expect(unusable).toEqual([
        { name: 'cats/up', reason: 'a link leads back to a folder that it is in' },
        { name: 'owls', reason: 'a link leads out of the data folder' },
      ]);
      const all = await packOf('linked', files, { followLinks: true });
      expect(all.classes).toEqual(['birds', 'cats', 'dogs', 'owls']);
    });

    it('property: labels name the first folder in which the ways part', () => {
      const name = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), (ways) => {
          const found = folderClasses(ways.map((way) => [...way, 'x.mp4'].join('/')))!;
          const depth = ways[0].findIndex((part, i) =>
            ways.some((way) => way[i] !== part || way.length === i + 1),
          );
          expect(found.labels.map((label) => found.classes[label])).toEqual(
            ways.map((way) => way[depth]),
          );
          expect(found.classes).toEqual([...new Set(found.classes)].sort());
          expect(folderClasses([...ways.map((way) => `${way.join('/')}/x`), 'y'])).toBeUndefined();
        }),
      );
    });
  });

  it.runIf(process.platform === 'linux')(
    'leaves out what cannot be read, with its reason',
    async () => {
      const place = join(folder, 'odd');
      mkdirSync(join(place, 'cats'), { recursive: true });
      copyFileSync(join(videos(), 'cats/anim.gif'), join(place, 'cats/1.gif'));
      execFileSync('mkfifo', [join(place, 'pipe.avi')]);
      execFileSync('mkfifo', [join(folder, 'far-pipe')]);
      symlinkSync(join(folder, 'far-pipe'), join(place, 'linked-pipe.avi'));
      const latin = Buffer.concat([Buffer.from(`${place}/caf`), Buffer.from([0xe9])]);
      mkdirSync(latin);
      writeFileSync(Buffer.concat([latin, Buffer.from('/1.avi')]), '');
      symlinkSync('round', join(place, 'round'));
      const locked = join(place, 'locked');
      mkdirSync(locked, { mode: 0o000 });
      // The administrator reads everything.
      const mayRead = process.getuid!() === 0;
      const began = performance.now();
      const set = await videoFolder(place, { height: 8, width: 8, followLinks: true });
      const info = await preparePacked(set, join(folder, 'odd.tgan'));
      expect(performance.now() - began).toBeLessThan(30_000);
      rmSync(locked, { recursive: true });
      expect(info.videos.map(({ name }) => name)).toEqual(['cats/1.gif']);
      const lockedFolder = {
        name: 'locked',
        reason: 'the folder cannot be read: it may not be read: the permission is missing',
      };
      expect(info.unusable).toEqual([
        { name: 'caf\ufffd', reason: 'its name is not UTF-8: rename it' },
        { name: 'linked-pipe.avi', reason: 'it is no regular file' },
        ...(mayRead ? [] : [lockedFolder]),
        { name: 'pipe.avi', reason: 'it is no regular file' },
        { name: 'round', reason: 'a link leads back to itself' },
      ]);
      expect(info.classes).toEqual(['cats']);
    },
  );

  it('does not take its own files for videos, so that the file may lie in the folder', async () => {
    const place = join(folder, 'inside');
    for (const name of ['cats', 'dogs']) {
      mkdirSync(join(place, name), { recursive: true });
      copyFileSync(join(videos(), 'cats/anim.gif'), join(place, name, '1.gif'));
    }
    const out = join(place, 'inside.tgan');
    const prepare = async (stop?: AbortSignal) =>
      preparePacked(await videoFolder(place), out, { parallel: 1 }, () => {}, stop);
    const stopped = prepare(AbortSignal.abort(new Error('stopped')));
    await expect(stopped).rejects.toThrow('stopped');
    expect(readdirSync(place).sort()).toEqual([
      'cats',
      'dogs',
      'inside.tgan.journal',
      'inside.tgan.partial',
    ]);
    // What a process that was killed at its very beginning leaves.
    for (const end of ['partial', 'journal']) writeFileSync(join(place, `other.${end}`), '');
    writeFileSync(join(place, 'other.lock'), '{"id":"x"}');
    const info = await prepare();
    expect(info.classes).toEqual(['cats', 'dogs']);
    expect(info.unusable).toEqual([]);
    expect(await prepare()).toEqual(info);
    const second = join(place, 'second.tgan');
    const again = await preparePacked(await videoFolder(place), second);
    expect(again.classes).toEqual(['cats', 'dogs']);
    expect(again.sha256).toBe(info.sha256);
  });

  it('says so when there is nothing', async () => {
    mkdirSync(join(folder, 'empty'));
    await expect(videoFolder(join(folder, 'empty'))).rejects.toThrow(/there are no files in it/);
    await expect(videoFolder(join(folder, 'none'))).rejects.toThrow(/none: cannot be read/);
    await expect(videoFolder(videos(), { height: 2 })).rejects.toThrow(/height: .*got 2/);
  });
});
