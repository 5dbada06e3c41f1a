import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpegVersion } from '@tgan/video-io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPacked } from './packed.js';
import { preparePacked } from './prepare.js';
import { videoFolder } from './video-folder.js';

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
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('packs what can be used with its class, and lists the rest with its reason', async () => {
    const set = await videoFolder(videos(), { height: 32, width: 48 });
    expect(set.classes).toEqual(['cats', 'dogs']);
    const path = join(folder, 'all.tgan');
    const info = await preparePacked(set, path);
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

  it('has no classes where files lie about, unless told', async () => {
    writeFileSync(join(videos(), 'loose.avi'), '');
    const set = await videoFolder(videos());
    expect(set.classes).toBeUndefined();
    expect(set.videos.every(({ label }) => label === undefined)).toBe(true);
    await expect(videoFolder(videos(), { labeled: true })).rejects.toThrow(
      /loose.avi is in no sub/,
    );
    rmSync(join(videos(), 'loose.avi'));
    expect((await videoFolder(videos(), { labeled: false })).classes).toBeUndefined();
  });

  it('says so when there is nothing', async () => {
    mkdirSync(join(folder, 'empty'));
    await expect(videoFolder(join(folder, 'empty'))).rejects.toThrow(/there are no files in it/);
    await expect(videoFolder(join(folder, 'none'))).rejects.toThrow(/none: cannot be read/);
    await expect(videoFolder(videos(), { height: 2 })).rejects.toThrow(/height: .*got 2/);
  });
});
