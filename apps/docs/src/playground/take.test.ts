import { parseNpy } from '@tgan/core';
import { expect, it } from 'vitest';
import { delays } from './delays.js';
import { enlarged } from './enlarge.js';
import { takeFile } from './take.js';

it('rounds delays, but not their sum', () => {
  expect(delays(3, 10, 10)).toEqual([100, 100, 100]);
  const hundredths = delays(40, 40, 10);
  expect(hundredths.every((delay) => delay === 20 || delay === 30)).toBe(true);
  expect(hundredths.reduce((sum, delay) => sum + delay, 0)).toBe(1000);
});

it('enlarges pixels to squares', () => {
  const [red, blue] = [
    [255, 0, 0, 255],
    [0, 0, 255, 255],
  ];
  const film = { width: 2, height: 1, frames: [Uint8ClampedArray.of(...red, ...blue)] };
  const row = [...red, ...red, ...blue, ...blue];
  const { width, height, frames } = enlarged(film, 2);
  expect([width, height]).toEqual([4, 2]);
  expect([...frames[0]]).toEqual([...row, ...row]);
});

it('saves the values themselves for NumPy', async () => {
  const videos = { data: Float32Array.of(-1, 0.1, 0.2, 1), shape: [1, 2, 1, 2, 1] };
  const file = await takeFile(videos, 'npy', 10);
  const { type, shape, data } = parseNpy(new Uint8Array(await file.arrayBuffer()));
  expect({ type, shape, data }).toEqual({ type: 'f4', ...videos });
});

it('saves a GIF of gray videos without loss', async () => {
  const data = Float32Array.from({ length: 8 }, (_, i) => i / 4 - 1);
  const file = await takeFile({ data, shape: [1, 2, 2, 2, 1] }, 'gif', 20);
  const { default: sharp } = await import('sharp');
  const picture = sharp(Buffer.from(await file.arrayBuffer()), { animated: true });
  expect(await picture.metadata()).toMatchObject({
    width: 8,
    pageHeight: 8,
    pages: 2,
    delay: [50, 50],
    loop: 0,
  });
  const shades = await picture.toColorspace('b-w').removeAlpha().raw().toBuffer();
  const corner = (row: number, column: number) => shades[8 * row + column];
  expect([corner(0, 0), corner(0, 7), corner(7, 0), corner(15, 7)]).toEqual([0, 32, 64, 224]);
});

it('saves a GIF of colors', async () => {
  const data = Float32Array.of(1, -1, -1, -1, -1, 1);
  const file = await takeFile({ data, shape: [1, 1, 1, 2, 3] }, 'gif', 10);
  const { default: sharp } = await import('sharp');
  const pixels = await sharp(Buffer.from(await file.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer();
  expect(pixels[0]).toBeGreaterThan(240);
  expect(pixels[3 * 7 + 2]).toBeGreaterThan(240);
});
