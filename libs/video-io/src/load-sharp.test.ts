import { describe, expect, it, vi } from 'vitest';
import { decodeStrip, encodeGif, encodePng, VideoError } from './index.js';

vi.mock('sharp', () => {
  throw new Error("Cannot find package 'sharp'");
});

describe('without sharp', () => {
  const image = { height: 1, width: 1, channels: 1, data: new Uint8Array(1) } as const;

  it('pictures are refused with what to install', async () => {
    const advice = /^sharp is needed to read and write pictures; to get it: npm install sharp$/;
    await expect(encodePng(image)).rejects.toThrow(advice);
    await expect(encodeGif({ ...image, frames: 1 })).rejects.toThrow(advice);
    await expect(encodePng(image)).rejects.toBeInstanceOf(VideoError);
    await expect(decodeStrip('strip.jpg', { height: 8, width: 8 }).next()).rejects.toThrow(advice);
  });
});
