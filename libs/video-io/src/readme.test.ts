import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeGif, encodePng, filmStrip, grid, toPixels, writeFileAtomic } from './index.js';

it('does what the README shows', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const line of [
    'const clips = { data: toPixels(values), shape: [9, 16, 64, 64, 1] } as const;',
    'const film = grid(clips, { columns: 3, scale: 2 });',
    "await writeFileAtomic('samples.gif', await encodeGif(film, { fps: 8 }));",
    "await writeFileAtomic('samples.png', await encodePng(filmStrip(clips)));",
  ]) {
    expect(readme).toContain(line);
  }
  const folder = await mkdtemp(join(tmpdir(), 'tgan-'));
  const values = Float32Array.from({ length: 9 * 16 * 64 * 64 }, (_, i) => Math.sin(i / 50));
  const clips = { data: toPixels(values), shape: [9, 16, 64, 64, 1] } as const;
  const film = grid(clips, { columns: 3, scale: 2 });
  await writeFileAtomic(join(folder, 'samples.gif'), await encodeGif(film, { fps: 8 }));
  await writeFileAtomic(join(folder, 'samples.png'), await encodePng(filmStrip(clips)));
  const start = async (name: string) =>
    (await readFile(join(folder, name))).subarray(1, 4).toString('latin1');
  expect(await start('samples.gif')).toBe('IF8');
  expect(await start('samples.png')).toBe('PNG');
  await rm(folder, { recursive: true });
});
