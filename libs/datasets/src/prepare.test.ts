import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OptionsError, Random } from '@tgan/core';
import { FfmpegMissingError, VideoError } from '@tgan/video-io';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sourceConfig } from './batch-worker.js';
import { DatasetError } from './error.js';
import { movingMnist } from './moving-mnist.js';
import { packed, readPackedInfo, verifyPacked } from './packed.js';
import { preparePacked } from './prepare.js';
import { videosOf, type Video, type VideoSet } from './video-set.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-pack-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const frameBytes = 3 * 4;

/** Videos of noise, some short, some damaged, some unreadable; each takes its own time. */
function noise(count: number, delay = 0): VideoSet {
  const videos = Array.from({ length: count }, (_, i): Video => ({
    name: `v${i}`,
    label: i % 2,
    async *frames(complain) {
      const random = new Random(count, i);
      const kind = random.integer(8);
      const frames = kind === 0 ? random.integer(3) : 3 + random.integer(20);
      for (let t = 0; t < frames; t++) {
        if (delay) await wait(random.integer(delay));
        if (kind === 1 && t === 4) throw new VideoError('the middle is broken');
        yield Uint8Array.from({ length: frameBytes }, () => random.integer(256));
      }
      if (kind === 2) complain('a bit was wrong');
    },
  }));
  return {
    frame: { height: 3, width: 4, channels: 1 },
    crop: { top: 0, left: 1, height: 3, width: 3 },
    classes: ['even', 'odd'],
    videos,
    provenance: { set: 'noise', count },
  };
}

async function framesOf(video: Video): Promise<Uint8Array[]> {
  const frames = [];
  for await (const frame of video.frames(() => {})) frames.push(frame);
  return frames;
}

describe('preparePacked', () => {
  it('packs all that can be used, in order, and lists the rest with its reason', async () => {
    const set = noise(60, 2);
    const path = join(folder, 'a.tgan');
    const seen: number[] = [];
    const info = await preparePacked(set, path, { minFrames: 3, parallel: 7 }, ({ done }) =>
      seen.push(done),
    );
    expect(seen).toEqual(set.videos.map((_, i) => i + 1));
    expect(readdirSync(folder)).toEqual(['a.tgan']);
    expect(info.videos.length + info.unusable.length).toBe(60);
    expect(new Set(info.unusable.map(({ reason }) => reason.replace(/\d+/, 'n')))).toEqual(
      new Set(['n frames, fewer than 3', 'the middle is broken']),
    );
    expect(info.videos.some(({ damage }) => damage === 'a bit was wrong')).toBe(true);
    expect(info.provenance).toEqual({ set: 'noise', count: 60, minFrames: 3 });
    expect(await verifyPacked(path)).toEqual(info);

    const bytes = readFileSync(path);
    let offset = 16;
    for (const { name, frames, label } of info.videos) {
      const video = set.videos.find((candidate) => candidate.name === name)!;
      const original = Buffer.concat(await framesOf(video));
      expect(label).toBe(video.label);
      expect(original.length).toBe(frames * frameBytes);
      expect(original.equals(bytes.subarray(offset, offset + original.length))).toBe(true);
      offset += original.length;
    }
  });

  it('makes the same file however many videos are decoded at once', async () => {
    const files = [];
    for (const parallel of [1, 2, 9, 50]) {
      const path = join(folder, `${parallel}.tgan`);
      await preparePacked(noise(40, 2), path, { minFrames: 3, parallel });
      files.push(readFileSync(path));
    }
    for (const file of files) expect(file.equals(files[0])).toBe(true);
  });

  it('writes long videos as they come', async () => {
    // Two videos of 40 MB in frames of 1 MB: more than one may hold in memory; the second is too
    // short.
    const frame = { height: 1024, width: 1024, channels: 1 } as const;
    const video = (name: string, count: number): Video => ({
      name,
      async *frames() {
        for (let t = 0; t < count; t++) yield new Uint8Array(2 ** 20).fill(t);
      },
    });
    const videos = [video('a', 40), video('short', 30), video('b', 40)];
    const path = join(folder, 'long.tgan');
    const info = await preparePacked({ frame, videos, provenance: {} }, path, { minFrames: 35 });
    expect(info.videos.map(({ name, frames }) => [name, frames])).toEqual([
      ['a', 40],
      ['b', 40],
    ]);
    await verifyPacked(path);
    const source = await packed(path, { frames: 1 });
    for (let seed = 0; seed < 8; seed++) {
      const clip = await source.read(seed % 2, new Random(seed));
      expect(new Set(clip).size).toBe(1);
    }
    await source.close!();
  });

  it('goes on after a stop at any moment, whatever was lost, to the same file', async () => {
    const set = noise(25);
    const whole = join(folder, 'whole.tgan');
    await preparePacked(set, whole, { minFrames: 3 });
    const expected = readFileSync(whole);
    const path = join(folder, 'stopped.tgan');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(24), fc.nat(400), fc.nat(400), fc.boolean()), { maxLength: 3 }),
        async (stops) => {
          for (const [at, lostFrames, lostLines, garbage] of stops) {
            const stopped: VideoSet = {
              ...set,
              videos: set.videos.map((video, i) => ({
                ...video,
                async *frames(complain) {
                  if (i === at) throw new RangeError('stopped');
                  yield* video.frames(complain);
                },
              })),
            };
            const attempt = preparePacked(stopped, path, { minFrames: 3, parallel: 3 });
            await attempt.catch((error) => expect(error).toEqual(new RangeError('stopped')));
            if (existsSync(path)) break; // an earlier attempt had come further
            // What was written last may not have reached the disk, or not as it was.
            for (const [end, lost] of [
              ['partial', lostFrames],
              ['journal', lostLines],
            ] as const) {
              const bytes = readFileSync(`${path}.${end}`);
              const kept = Math.max(bytes.length - lost, 0);
              if (garbage) bytes.fill(0, kept);
              writeFileSync(`${path}.${end}`, garbage ? bytes : bytes.subarray(0, kept));
            }
          }
          await preparePacked(set, path, { minFrames: 3, parallel: 2 });
          expect(readFileSync(path).equals(expected)).toBe(true);
          expect(readdirSync(folder).sort()).toEqual(['stopped.tgan', 'whole.tgan']);
          rmSync(path);
        },
      ),
      // The example loses the head of the file, before any video.
      { numRuns: 60, examples: [[[[0, 400, 0, false]]]] },
    );
  });

  it('survives kill -9', async () => {
    const program = `
      const { runnerImport } = await import('vite');
      const { module } = await runnerImport(process.argv[1], ${sourceConfig});
      const set = module.videosOf(module.movingMnist({ size: 150, seed: 5, frames: 20 }));
      const videos = set.videos.map((video, i) => ({ ...video, async *frames(complain) {
        if (i >= Number(process.argv[3])) await new Promise(() => setInterval(() => {}, 1000));
        yield* video.frames(complain);
      } }));
      await module.preparePacked({ ...set, videos }, process.argv[2], { parallel: 2 });`;
    const index = fileURLToPath(new URL('./index.ts', import.meta.url));
    const path = join(folder, 'killed.tgan');
    /**
     * Runs the program; it hangs at video `stop`, and is killed when all before that are written.
     */
    const run = (stop: number) =>
      new Promise<NodeJS.Signals | number | null>((resolve) => {
        const args = ['--input-type=module', '-e', program, index, path, `${stop}`];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
        const watch = setInterval(() => {
          const journal = `${path}.journal`;
          const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0;
          if (lines === stop + 2) child.kill('SIGKILL');
        }, 5);
        child.once('close', (code, signal) => {
          clearInterval(watch);
          resolve(signal ?? code);
        });
      });
    for (const stop of [0, 60, 149]) expect(await run(stop)).toBe('SIGKILL');
    const left = ['killed.tgan.journal', 'killed.tgan.lock', 'killed.tgan.partial'];
    expect(readdirSync(folder).sort()).toEqual(left);
    expect(await run(Infinity)).toBe(0);
    expect(readdirSync(folder)).toEqual(['killed.tgan']);

    const whole = join(folder, 'whole.tgan');
    await preparePacked(videosOf(movingMnist({ size: 150, seed: 5, frames: 20 })), whole);
    expect(readFileSync(path).equals(readFileSync(whole))).toBe(true);
  });

  it('is done when the file is there, and refuses another one of that name', async () => {
    const path = join(folder, 'a.tgan');
    const info = await preparePacked(noise(12), path, { minFrames: 3 });
    const untouched: VideoSet = {
      ...noise(12),
      videos: noise(12).videos.map((video) => ({
        ...video,
        async *frames() {
          throw new Error('read again');
        },
      })),
    };
    expect(await preparePacked(untouched, path, { minFrames: 3 })).toEqual(info);
    await expect(preparePacked(noise(12), path, { minFrames: 4 })).rejects.toThrow(
      /a.tgan is there already, made from other files or with other options/,
    );
  });

  it('refuses to go on with what was begun from other files', async () => {
    const path = join(folder, 'a.tgan');
    const fails: Video = {
      name: 'v',
      async *frames() {
        throw new RangeError('stopped');
      },
    };
    const set = { ...noise(3), videos: [...noise(3).videos, fails] };
    await expect(preparePacked(set, path)).rejects.toThrow('stopped');
    await expect(preparePacked(noise(4), path)).rejects.toThrow(/begun from other files.*journal/);
  });

  it('is done by one at a time; the other is told by whom', async () => {
    const path = join(folder, 'a.tgan');
    const attempts = Array.from({ length: 3 }, () =>
      preparePacked(noise(20, 3), path, { minFrames: 3 }),
    );
    const results = await Promise.allSettled(attempts);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).toHaveLength(2);
    for (const { reason } of failed) {
      expect(reason).toBeInstanceOf(DatasetError);
      expect(reason.message).toContain(`a.tgan: process ${process.pid} prepares it: wait for it`);
    }
    expect(readdirSync(folder)).toEqual(['a.tgan']);
    const alone = join(folder, 'b.tgan');
    await preparePacked(noise(20, 3), alone, { minFrames: 3 });
    expect(readFileSync(path).equals(readFileSync(alone))).toBe(true);
  });

  it('stops when told, and goes on from there', async () => {
    const path = join(folder, 'a.tgan');
    const stop = new AbortController();
    const attempt = preparePacked(
      noise(20, 2),
      path,
      { minFrames: 3, parallel: 2 },
      ({ done }) => done === 7 && stop.abort(new Error('stopped')),
      stop.signal,
    );
    await expect(attempt).rejects.toThrow('stopped');
    expect(readdirSync(folder).sort()).toEqual(['a.tgan.journal', 'a.tgan.partial']);
    const seen: number[] = [];
    await preparePacked(noise(20, 2), path, { minFrames: 3 }, ({ done }) => seen.push(done));
    expect(seen[0]).toBeGreaterThanOrEqual(8);
    await verifyPacked(path);
  });

  it('packs no more of a video than it may, and says so', async () => {
    const endless: Video = {
      name: 'endless',
      async *frames(complain) {
        try {
          for (let t = 0; ; t++) yield new Uint8Array(frameBytes).fill(t);
        } finally {
          complain('never heard: it was left');
        }
      },
    };
    const set: VideoSet = { ...noise(0), videos: [{ ...endless, label: 0 }] };
    const path = join(folder, 'a.tgan');
    const info = await preparePacked(set, path, { maxFrames: 50 });
    expect(info.videos).toMatchObject([
      { frames: 50, damage: expect.stringContaining('only its first 50 frames are packed') },
    ]);
    expect(info.provenance).toMatchObject({ maxFrames: 50 });
    await verifyPacked(path);
  });

  it.skipIf(process.platform === 'win32')('writes through no link that lies there', async () => {
    const path = join(folder, 'a.tgan');
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'mine');
    for (const end of ['partial', 'journal']) symlinkSync(victim, `${path}.${end}`);
    await preparePacked(noise(4), path, { minFrames: 1 });
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['a.tgan', 'victim']);
  });

  it('says that the disk is full, and goes on when it is no more', async () => {
    const path = join(folder, 'a.tgan');
    const probe = await open(join(folder, 'probe'), 'w');
    const prototype = Object.getPrototypeOf(probe) as FileHandle;
    await probe.close();
    rmSync(join(folder, 'probe'));
    const { write } = prototype;
    let room = 500;
    const spy = vi.spyOn(prototype, 'write').mockImplementation(function (
      this: FileHandle,
      ...args: unknown[]
    ) {
      room -= args[2] as number;
      if (room > 0) return write.apply(this, args as never);
      const error = Object.assign(new Error('ENOSPC: no space left, write'), { code: 'ENOSPC' });
      return Promise.reject(error);
    } as never);
    const attempt = preparePacked(noise(20), path, { minFrames: 3 });
    await expect(attempt).rejects.toThrow(
      new DatasetError(
        `cannot write ${path}: the disk is full (ENOSPC); free some space, then the same call goes on`,
      ),
    );
    spy.mockRestore();
    expect(readdirSync(folder).sort()).toEqual(['a.tgan.journal', 'a.tgan.partial']);
    await preparePacked(noise(20), path, { minFrames: 3 });
    await preparePacked(noise(20), join(folder, 'b.tgan'), { minFrames: 3 });
    expect(readFileSync(path).equals(readFileSync(join(folder, 'b.tgan')))).toBe(true);
  });

  it('does not begin anew where what there is cannot be read', async () => {
    const path = join(folder, 'a.tgan');
    mkdirSync(`${path}.journal`);
    writeFileSync(`${path}.partial`, 'kept');
    await expect(preparePacked(noise(4), path)).rejects.toThrow(
      /cannot write .*a.tgan: a folder is in the way \(EISDIR\)/,
    );
    expect(readFileSync(`${path}.partial`, 'utf8')).toBe('kept');
    expect(readdirSync(folder).sort()).toEqual(['a.tgan.journal', 'a.tgan.partial']);
  });

  it('does not take a missing ffmpeg or a full disk for a bad video', async () => {
    for (const error of [new FfmpegMissingError('ffmpeg'), new Error('ENOSPC')]) {
      const broken: Video = {
        name: 'v',
        async *frames() {
          throw error;
        },
      };
      const set = { ...noise(5), videos: [...noise(5).videos, broken, ...noise(5).videos] };
      await expect(preparePacked(set, join(folder, 'a.tgan'))).rejects.toBe(error);
    }
  });

  it('says so when no video can be used', async () => {
    const path = join(folder, 'none.tgan');
    const attempt = preparePacked(noise(5), path, { minFrames: 100 });
    await expect(attempt).rejects.toThrow(/none of 5 videos can be used; v0: \d+ frames, fewer/);
    expect(readdirSync(folder)).toEqual([]);
    await expect(preparePacked(noise(5), path, { minFrames: 0 })).rejects.toThrow(OptionsError);
    expect(() => videosOf(movingMnist())).toThrow(/never end/);
  });

  it('packs the clips of any source', async () => {
    const source = movingMnist({ size: 11, frames: 5, imageSize: 32 });
    const path = join(folder, 'mnist.tgan');
    await preparePacked(videosOf(source), path, { minFrames: 5 });
    const copy = await packed(path, { frames: 5 });
    expect(copy.size).toBe(11);
    expect(copy.clip).toEqual(source.clip);
    for (let i = 0; i < 11; i++) {
      const clips = [await copy.read(i, new Random(0)), await source.read(i, new Random(0))];
      expect(Buffer.compare(clips[0], clips[1])).toBe(0);
    }
    expect(copy.provenance).toMatchObject({ set: 'moving-mnist', seed: 0, minFrames: 5 });
    await copy.close!();
    expect((await readPackedInfo(path)).videos[10].name).toBe('clip-10');
  });
});
