import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { VideoError, type Film } from './clips.js';
import { decodeVideo, type DecodeOptions } from './decode.js';
import { encodeGif } from './encode.js';
import { encodeMp4 } from './encode-mp4.js';
import { FfmpegMissingError } from './ffmpeg-missing-error.js';
import { ffmpegVersion } from './ffmpeg.js';

// Without ffmpeg these tests are left out, unless the environment insists on them (as CI does).
const found = await ffmpegVersion().then(
  () => true,
  () => false,
);
const withFfmpeg = found || process.env.REQUIRE_FFMPEG ? describe : describe.skip;

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-decode-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const ffmpeg = (...args: string[]) =>
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 2 ** 30 });

/** Makes a video of moving shapes and gives its path. */
function make(name: string, { size = '96x64', frames = 30, args = [] as string[] } = {}): string {
  const source = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25`];
  ffmpeg(...source, '-frames:v', `${frames}`, ...args, inFolder(name));
  return inFolder(name);
}

/**
 * Copies a file with its bytes from `from` to `to` (parts of its length) overwritten or, without
 * `to`, cut off.
 */
function damage(path: string, name: string, from: number, to?: number): string {
  const bytes = readFileSync(path);
  const start = Math.floor(bytes.length * from);
  if (to === undefined) writeFileSync(inFolder(name), bytes.subarray(0, start));
  else {
    for (let i = start; i < bytes.length * to; i++) bytes[i] = (i * 7919) & 255;
    writeFileSync(inFolder(name), bytes);
  }
  return inFolder(name);
}

async function decode(path: string, options: DecodeOptions) {
  const frames: Uint8Array[] = [];
  const complaints: string[] = [];
  for await (const frame of decodeVideo(path, options, (reason) => complaints.push(reason))) {
    frames.push(frame);
  }
  return { frames, complaints };
}

/** The largest difference of two arrays of bytes. */
function worst(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

withFfmpeg('decodeVideo', () => {
  it.each([
    ['xvid.avi', ['-c:v', 'libxvid', '-q:v', '4']],
    ['dx50.avi', ['-c:v', 'mpeg4', '-vtag', 'DX50', '-q:v', '4']],
    ['h264.mp4', ['-c:v', 'libx264']],
    ['shapes.gif', []],
  ])('gives the frames of %s as ffmpeg itself does', async (name, args) => {
    const path = make(name, { args });
    for (const [width, height] of [
      [96, 64],
      [85, 64],
      [31, 17],
    ]) {
      const { frames, complaints } = await decode(path, { height, width });
      const scale = ['-vf', `scale=${width}:${height}`, '-pix_fmt', 'rgb24'];
      const own = ffmpeg('-i', path, ...scale, '-f', 'rawvideo', '-vsync', '0', '-');
      expect(frames).toHaveLength(30);
      expect(complaints).toEqual([]);
      expect(worst(Buffer.concat(frames), own)).toBeLessThanOrEqual(1);
    }
  });

  it('gives each frame once where their times vary, and evenly spaced ones when told', async () => {
    const select = "select='lt(n,10)+not(mod(n,10))'"; // ten frames in quick succession, then two slow ones
    const args = ['-t', '1.2', '-vf', select, '-vsync', 'vfr', '-c:v', 'libx264'];
    const path = make('vfr.mp4', { args });
    expect((await decode(path, { height: 16, width: 16 })).frames).toHaveLength(12);
    const even = await decode(path, { height: 16, width: 16, fps: 25 });
    expect(even.frames.length).toBeGreaterThanOrEqual(21);
  });

  it.each([
    ['odd sizes', 'odd.mp4', { size: '97x63', args: ['-pix_fmt', 'yuv444p'] }, 30],
    ['portrait', 'portrait.mp4', { size: '40x96' }, 30],
    ['one frame', 'one.mp4', { frames: 1 }, 1],
    ['fifteen frames', 'fifteen.mp4', { frames: 15 }, 15],
    ['sound', 'sound.mp4', { args: ['-f', 'lavfi', '-i', 'sine', '-shortest'] }, 30],
  ])('reads %s', async (_, name, options, count) => {
    // Sound goes in as a second input, before the limit on the frames.
    const path = name === 'sound.mp4' ? withSound(name) : make(name, options);
    const { frames, complaints } = await decode(path, { height: 20, width: 30 });
    expect(frames).toHaveLength(count);
    for (const frame of frames) expect(frame).toHaveLength(20 * 30 * 3);
    expect(complaints).toEqual([]);
  });

  function withSound(name: string): string {
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1.2'];
    const sound = ['-f', 'lavfi', '-i', 'sine=duration=1.2'];
    ffmpeg(...picture, ...sound, '-c:a', 'aac', inFolder(name));
    return inFolder(name);
  }

  it('turns videos that were filmed on their side upright', async () => {
    const half = 'color=red:size=64x32:rate=25,drawbox=x=32:w=32:h=32:color=blue:t=fill';
    ffmpeg('-f', 'lavfi', '-i', half, '-frames:v', '3', '-c:v', 'libx264', inFolder('flat.mp4'));
    // A phone writes the turn into the track header, as a matrix of fixed-point numbers.
    const bytes = readFileSync(inFolder('flat.mp4'));
    const matrix = bytes.indexOf('tkhd') + 4 + 40;
    expect(bytes.readInt32BE(matrix)).toBe(0x10000);
    [0, 0x10000, 0, -0x10000, 0, 0, 0, 0].forEach((n, i) => bytes.writeInt32BE(n, matrix + 4 * i));
    writeFileSync(inFolder('turned.mp4'), bytes);
    const { frames } = await decode(inFolder('turned.mp4'), { height: 8, width: 4 });
    const [top, bottom] = [frames[0].subarray(0, 3), frames[0].subarray(-3)];
    expect([...top].map((x) => x > 128)).not.toEqual([...bottom].map((x) => x > 128));
    const left = frames[0].subarray(0, 3);
    const right = frames[0].subarray(9, 12);
    expect(worst(left, right)).toBeLessThan(30); // one color from left to right, the other one below
  });

  it('stretches the whole picture, or crops its middle', async () => {
    const bars = 'color=black:size=96x48:rate=25,drawbox=x=24:w=48:h=48:color=white:t=fill';
    ffmpeg('-f', 'lavfi', '-i', bars, '-frames:v', '1', '-c:v', 'libx264', inFolder('bars.mp4'));
    const gray = { height: 8, width: 8, channels: 1 } as const;
    const stretched = await decode(inFolder('bars.mp4'), gray);
    const cropped = await decode(inFolder('bars.mp4'), { ...gray, fit: 'crop' });
    expect(stretched.frames[0][0]).toBeLessThan(40);
    expect(Math.min(...cropped.frames[0])).toBeGreaterThan(200);
  });

  it('uses what a damaged file still has, and says what is wrong with it', async () => {
    const whole = make('whole.avi', { frames: 60, args: ['-c:v', 'libxvid', '-g', '12'] });
    const middle = await decode(damage(whole, 'middle.avi', 0.4, 0.5), { height: 16, width: 16 });
    expect(middle.frames.length).toBeGreaterThan(30);
    expect(middle.complaints.join()).not.toBe('');
    const cut = await decode(damage(whole, 'cut.avi', 0.5), { height: 16, width: 16 });
    expect(cut.frames.length).toBeGreaterThan(20);
    expect(cut.frames.length).toBeLessThan(40);
  });

  it('refuses what is no video', async () => {
    const video = make('video.mp4', { args: ['-c:v', 'libx264'] });
    const files: [string, string | Uint8Array][] = [
      ['empty.avi', ''],
      ['text.avi', 'This is a shopping list, not a video.\n'],
      ['playlist.avi', `#EXTM3U\n#EXTINF:2,\nfile://${video}\n#EXT-X-ENDLIST\n`],
      ['list.avi', 'ffconcat version 1.0\nfile video.mp4\n'],
      ['noise.mp4', Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31) & 255)],
    ];
    for (const [name, content] of files) {
      writeFileSync(inFolder(name), content);
      const attempt = decode(inFolder(name), { height: 16, width: 16 });
      await expect(attempt, name).rejects.toThrow(VideoError);
      await expect(attempt, name).rejects.toThrow(/no frame could be decoded/);
    }
    const cut = damage(video, 'cut.mp4', 0.5);
    await expect(decode(cut, { height: 16, width: 16 })).rejects.toThrow(/moov atom not found/);
    const missing = decode(inFolder('missing.avi'), { height: 16, width: 16 });
    await expect(missing).rejects.toThrow(/missing.avi: .*No such file/);
  });

  it('takes any file name literally', async () => {
    const path = make('plain.mp4', { args: ['-c:v', 'libx264'] });
    for (const name of ['-i.mp4', 'a b:c%03d.mp4', "it's [one]; two.mp4"]) {
      copyFileSync(path, inFolder(name));
      expect((await decode(inFolder(name), { height: 8, width: 8 })).frames).toHaveLength(30);
    }
  });

  it('ends ffmpeg when the caller stops early', async () => {
    const path = make('long.mp4', { frames: 2000, args: ['-c:v', 'libx264', '-crf', '40'] });
    for await (const frame of decodeVideo(path, { height: 256, width: 256 })) {
      expect(frame).toHaveLength(256 * 256 * 3);
      break; // hangs here if the process were not ended
    }
  });

  it('gives frames that do not share memory', async () => {
    const { frames } = await decode(make('own.mp4'), { height: 8, width: 8 });
    expect(new Set(frames.map((frame) => frame.buffer)).size).toBe(frames.length);
  });

  it('refuses options out of range', async () => {
    const attempt = decode('x.avi', { height: 0, width: 8 });
    await expect(attempt).rejects.toThrow(/decodeVideo: height: .*got 0/);
  });
});

withFfmpeg('encodeMp4', () => {
  it.each([1, 3] as const)('keeps a film of %i channels, nearly', async (channels) => {
    const [frames, height, width] = [12, 32, 48];
    const length = frames * height * width * channels;
    const wave = (_: unknown, i: number) => 128 + 100 * Math.sin((i / channels) * 0.004);
    const film: Film = {
      ...{ frames, height, width, channels },
      data: Uint8Array.from({ length }, wave),
    };
    writeFileSync(inFolder('film.mp4'), await encodeMp4(film, { fps: 16, quality: 0 }));
    const decoded = await decode(inFolder('film.mp4'), { height, width, channels });
    expect(decoded.frames).toHaveLength(frames);
    expect(worst(Buffer.concat(decoded.frames), film.data)).toBeLessThanOrEqual(3);
  });

  it('makes odd sizes even', async () => {
    const film: Film = {
      frames: 2,
      height: 31,
      width: 33,
      channels: 1,
      data: new Uint8Array(2046),
    };
    writeFileSync(inFolder('even.mp4'), await encodeMp4(film));
    expect((await decode(inFolder('even.mp4'), { height: 32, width: 34 })).frames).toHaveLength(2);
  });

  it('refuses a film that is not as large as it says', async () => {
    const film: Film = { frames: 3, height: 4, width: 4, channels: 1, data: new Uint8Array(32) };
    await expect(encodeMp4(film)).rejects.toThrow(VideoError);
  });
});

describe('without ffmpeg', () => {
  const before = process.env.FFMPEG_PATH;
  afterEach(() => {
    if (before === undefined) delete process.env.FFMPEG_PATH;
    else process.env.FFMPEG_PATH = before;
  });

  it('says how to get it, and the other formats work', async () => {
    process.env.FFMPEG_PATH = join(folder, 'no', 'ffmpeg');
    const film: Film = { frames: 2, height: 2, width: 2, channels: 1, data: new Uint8Array(8) };
    for (const attempt of [
      () => decode('x.avi', { height: 8, width: 8 }),
      () => encodeMp4(film),
      () => ffmpegVersion(),
    ]) {
      await expect(attempt()).rejects.toThrow(FfmpegMissingError);
      await expect(attempt()).rejects.toThrow(
        /apt-get install ffmpeg.*brew install ffmpeg.*winget install ffmpeg.*FFMPEG_PATH/,
      );
    }
    expect(await encodeGif(film)).toBeInstanceOf(Uint8Array);
  });
});
