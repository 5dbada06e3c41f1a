import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@tgan/core';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from './error.js';
import { golf, parseStrips } from './golf.js';
import { packed, verifyPacked } from './packed.js';
import { preparePacked } from './prepare.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-golf-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A strip of 128x128 frames; frame t is of the shade 10 t. */
async function strip(name: string, frames: number) {
  const data = Buffer.alloc(frames * 128 * 128 * 3);
  for (let i = 0; i < data.length; i++) data[i] = 10 * Math.floor(i / (128 * 128 * 3));
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  const raw = { width: 128, height: frames * 128, channels: 3 } as const;
  await sharp(data, { raw }).jpeg({ quality: 95 }).toFile(path);
}

describe('golf', () => {
  it('packs the strips of a list', async () => {
    await strip('a/0001.jpg', 18);
    await strip('a/0002.jpg', 9);
    await strip('b/0001.jpg', 16);
    const list = join(folder, 'golf.txt');
    writeFileSync(list, 'b/0001.jpg\na/0001.jpg\na/0002.jpg\nb/gone.jpg\n');
    const path = join(folder, 'golf.tgan');
    const info = await preparePacked(await golf(folder, list), path);
    expect(info.videos.map(({ name, frames }) => [name, frames])).toEqual([
      ['b/0001.jpg', 16],
      ['a/0001.jpg', 18],
    ]);
    expect(info.unusable).toEqual([
      { name: 'a/0002.jpg', reason: '9 frames, fewer than 16' },
      { name: 'b/gone.jpg', reason: 'there is no such file' },
    ]);
    const source = await packed(path);
    expect(source.clip).toEqual({ frames: 16, height: 64, width: 64, channels: 3 });
    const clip = await source.read(0, new Random(0));
    const frame = 64 * 64 * 3;
    for (let i = 0; i < clip.length; i += 97) {
      expect(Math.abs(clip[i] - 10 * Math.floor(i / frame))).toBeLessThanOrEqual(2);
    }
    await source.close!();
    const gray = join(folder, 'gray.tgan');
    const { frame: grayFrame } = await preparePacked(
      await golf(folder, list, { channels: 1 }),
      gray,
    );
    expect(grayFrame).toEqual({ height: 64, width: 64, channels: 1 });
    await verifyPacked(gray);
  });

  it('refuses lists that lead out of the folder', async () => {
    const list = join(folder, 'bad.txt');
    writeFileSync(list, 'a/0001.jpg\n../../etc/passwd\n');
    await expect(golf(folder, list)).rejects.toThrow(
      /bad.txt:2: "..\/..\/etc\/passwd" leaves the data folder/,
    );
    await expect(golf(folder, join(folder, 'none.txt'))).rejects.toThrow(
      /none.txt: cannot be read/,
    );
    expect(() => parseStrips('\n', folder)).toThrow(/is empty/);
    expect(() => parseStrips('/etc/passwd', folder)).toThrow(/leaves/);
  });

  it('answers 10,000 damaged lists with a DatasetError or names inside of the folder', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b.jpg', '', '\0', '~', 'C:', '\\', '*', ' ');
    const name = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/')),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), (lines) => {
        try {
          for (const line of parseStrips(lines.join('\n'), '/data/golf')) {
            expect(join('/data/golf', line).startsWith('/data/golf/')).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
