import sharp from 'sharp';
import { expect, it } from 'vitest';
import { animatedWebp } from './webp.js';

const size = { width: 6, height: 5 };

type Color = { readonly r: number; readonly g: number; readonly b: number; readonly alpha: number };

/** A picture of one color as a WebP, as a canvas would write it. */
const picture = (color: Color, lossless = true) =>
  sharp({ create: { ...size, channels: 4, background: color } })
    .webp({ lossless })
    .toBuffer();

const colors: Color[] = [
  { r: 255, g: 0, b: 0, alpha: 1 },
  { r: 0, g: 255, b: 0, alpha: 1 },
  { r: 0, g: 0, b: 255, alpha: 0 },
];

it('joins pictures to an animation', async () => {
  const frames = await Promise.all(colors.map((color) => picture(color)));
  const bytes = animatedWebp(frames, size, [100, 70, 300]);
  const { width, pageHeight, pages, delay, loop, hasAlpha } = await sharp(bytes, {
    animated: true,
  }).metadata();
  expect({ width, pageHeight, pages, delay, loop, hasAlpha }).toEqual({
    width: 6,
    pageHeight: 5,
    pages: 3,
    delay: [100, 70, 300],
    loop: 0,
    hasAlpha: true,
  });
  const pixels = await sharp(bytes, { animated: true }).ensureAlpha().raw().toBuffer();
  const first = (frame: number) => [...pixels.subarray(4 * 30 * frame, 4 * 30 * frame + 4)];
  expect([first(0), first(1)]).toEqual([
    [255, 0, 0, 255],
    [0, 255, 0, 255],
  ]);
  // It replaces the frame before, and is not drawn on it.
  expect(first(2)[3]).toBe(0);
});

it('takes pictures with and without loss', async () => {
  const frames = await Promise.all([picture(colors[0], false), picture(colors[1])]);
  const bytes = animatedWebp(frames, size, [100, 100]);
  expect((await sharp(bytes, { animated: true }).metadata()).pages).toBe(2);
});
