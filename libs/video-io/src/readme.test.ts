import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const line of [
    'const clips = { data: toPixels(values), shape: [9, 16, 64, 64, 1] } as const;',
    'const film = grid(clips, { columns: 3, scale: 2 });',
    "await writeFile('samples.gif', await encodeGif(film, { fps: 8 }));",
    "await writeFile('samples.png', await encodePng(filmStrip(clips)));",
  ]) {
    expect(readme).toContain(line);
  }
  const folder = await mkdtemp(join(tmpdir(), 'tgan-'));
  const values = Float32Array.from({ length: 9 * 16 * 64 * 64 }, (_, i) => Math.sin(i / 50));
  const clips = { data: toPixels(values), shape: [9, 16, 64, 64, 1] } as const;
  const film = grid(clips, { columns: 3, scale: 2 });
  await writeFile(join(folder, 'samples.gif'), await encodeGif(film, { fps: 8 }));
  await writeFile(join(folder, 'samples.png'), await encodePng(filmStrip(clips)));
  const start = async (name: string) =>
    (await readFile(join(folder, name))).subarray(1, 4).toString('latin1');
  expect(await start('samples.gif')).toBe('IF8');
  expect(await start('samples.png')).toBe('PNG');
  const ffmpeg = await ffmpegVersion().catch(() => undefined);
  if (ffmpeg) {
    expect(readme).toContain(
      "decodeVideo('holiday.mp4', { height: 64, width: 64, fit: 'crop' })) {",
    );
    const holiday = join(folder, 'holiday.mp4');
    await writeFile(holiday, await encodeMp4(film));
    let frames = 0;
    for await (const frame of decodeVideo(holiday, { height: 64, width: 64, fit: 'crop' })) {
      expect(frame).toHaveLength(64 * 64 * 3);
      frames++;
    }
    expect(frames).toBe(16);
  }
  await rm(folder, { recursive: true });
});
