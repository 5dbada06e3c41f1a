import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectReadmeToShow } from '../../../tools/readme-example.js';
import {
  decodeVideo,
  encodeGif,
  encodeMp4,
  ffmpegVersion,
  encodePng,
  filmStrip,
  grid,
  toPixels,
} from './index.js';

it('does what the README shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tgan-'));
  const before = process.cwd();
  process.chdir(folder);
  // README
  // 9 videos of 16 frames, 64x64, gray, in [-1, 1]: those of a generator, here waves.
  const values = Float32Array.from({ length: 9 * 16 * 64 * 64 }, (_, i) => Math.sin(i / 50));
  const clips = { data: toPixels(values), shape: [9, 16, 64, 64, 1] } as const;
  const film = grid(clips, { columns: 3, scale: 2 });
  await writeFile('samples.gif', await encodeGif(film, { fps: 8 }));
  await writeFile('samples.png', await encodePng(filmStrip(clips)));
  // README
  const start = async (name: string) => (await readFile(name)).subarray(1, 4).toString('latin1');
  expect(await start('samples.gif')).toBe('IF8');
  expect(await start('samples.png')).toBe('PNG');
  const ffmpeg = await ffmpegVersion().catch(() => undefined);
  if (ffmpeg) {
    await writeFile('holiday.mp4', await encodeMp4(film));
    let frames = 0;
    // README
    for await (const frame of decodeVideo('holiday.mp4', { height: 64, width: 64, fit: 'crop' })) {
      // README
      expect(frame).toHaveLength(64 * 64 * 3);
      frames++;
    }
    expect(frames).toBe(16);
  }
  process.chdir(before);
  await rm(folder, { recursive: true });

  expectReadmeToShow(import.meta.url);
});
