import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VideoError } from './clips.js';
import { decodeStrip } from './strip.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-strip-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function strip(name: string, width: number, height: number, shade: (y: number) => number) {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = shade(Math.floor(i / (3 * width)));
  const raw = { width, height, channels: 3 } as const;
  const image = sharp(data, { raw });
  await (name.endsWith('png') ? image.png() : image.jpeg({ quality: 95 })).toFile(
    join(folder, name),
  );
  return join(folder, name);
}

const decode = async (path: string, channels: 1 | 3 = 3) => {
  const frames = [];
  for await (const frame of decodeStrip(path, { height: 64, width: 64, channels })) {
    frames.push(frame);
  }
  return frames;
};

describe('decodeStrip', () => {
  it.each(['strip.jpg', 'strip.png'])('cuts %s into frames that do not run', async (name) => {
    const frames = await decode(await strip(name, 128, 128 * 6, (y) => 40 * (y >> 7)));
    expect(frames).toHaveLength(6);
    frames.forEach((frame, t) => {
      expect(frame).toHaveLength(64 * 64 * 3);
      for (const pixel of frame) expect(Math.abs(pixel - 40 * t)).toBeLessThanOrEqual(2);
    });
  });

  it('reads gray', async () => {
    const frames = await decode(await strip('gray.png', 128, 256, () => 77), 1);
    expect(frames.map((frame) => frame.length)).toEqual([4096, 4096]);
    expect(new Set(frames.flatMap((frame) => [...frame]))).toEqual(new Set([77]));
  });

  it('refuses what is no strip', async () => {
    const uneven = await strip('uneven.png', 128, 200, () => 0);
    await expect(decode(uneven)).rejects.toThrow(/128x200 is no stack of 128x128 frames/);
    writeFileSync(join(folder, 'text.jpg'), 'not a picture');
    await expect(decode(join(folder, 'text.jpg'))).rejects.toThrow(VideoError);
    await expect(decode(join(folder, 'none.jpg'))).rejects.toThrow(/none.jpg/);
  });
});
