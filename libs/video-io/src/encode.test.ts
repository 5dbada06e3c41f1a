import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { VideoError, type Film } from './clips.js';
import { encodeGif, encodePng, encodeWebp } from './encode.js';

/** A film with all shades of gray, or many colors, and other pixels in each frame. */
function film(frames: number, channels: 1 | 3): Film {
  const [height, width] = [24, 32];
  const length = frames * height * width * channels;
  const shade = (i: number) => (i * 7 + Math.floor(i / (height * width * channels)) * 11) % 256;
  return { frames, height, width, channels, data: Uint8Array.from({ length }, (_, i) => shade(i)) };
}

/** Decodes with sharp: the pages, and the largest difference of any pixel from the film's. */
async function decode(bytes: Uint8Array, { data, channels }: Film) {
  const { pages, pageHeight, delay, loop, format, space } = await sharp(bytes, {
    animated: true,
  }).metadata();
  const decoded = await sharp(bytes, { animated: true })
    .removeAlpha()
    .toColorspace('srgb')
    .raw()
    .toBuffer();
  let worst = 0;
  for (let i = 0; i < decoded.length; i++) {
    const original = channels === 3 ? data[i] : data[Math.floor(i / 3)];
    worst = Math.max(worst, Math.abs(decoded[i] - original));
  }
  expect(decoded.length).toBe((data.length / channels) * 3);
  return { pages, pageHeight, delay, loop, format, space, worst };
}

describe.each([1, 3] as const)('of %i channels', (channels) => {
  it('WebP keeps every pixel, the frame rate and the loops', async () => {
    const original = film(5, channels);
    const decoded = await decode(await encodeWebp(original, { fps: 16, loop: 3 }), original);
    expect(decoded).toMatchObject({ format: 'webp', pages: 5, pageHeight: 24, loop: 3, worst: 0 });
    expect(decoded.delay).toEqual([63, 62, 63, 62, 63]);
  });

  it('GIF keeps the frames, the frame rate and the loops', async () => {
    const original = film(5, channels);
    const decoded = await decode(await encodeGif(original, { fps: 16, loop: 3 }), original);
    expect(decoded).toMatchObject({ format: 'gif', pages: 5, pageHeight: 24, loop: 3 });
    expect(decoded.delay).toEqual([60, 70, 60, 60, 60]);
    if (channels === 1) expect(decoded.worst).toBeLessThanOrEqual(1);
  });

  it('PNG keeps every pixel', async () => {
    const original = film(1, channels);
    const decoded = await decode(await encodePng(original), original);
    const space = channels === 1 ? 'b-w' : 'srgb';
    expect(decoded).toMatchObject({ format: 'png', space, worst: 0 });
  });
});

describe('the encoders', () => {
  it('keep frames that repeat, and loop for ever unless told', async () => {
    const data = new Uint8Array(4 * 8 * 8).fill(9);
    const still: Film = { frames: 4, height: 8, width: 8, channels: 1, data };
    const gif = await decode(await encodeGif(still), still);
    expect(gif).toMatchObject({ pages: 4, loop: 0, delay: [100, 100, 100, 100] });
  });

  it('refuse a film that is not as large as it says', async () => {
    const lying = { ...film(2, 1), frames: 3 };
    await expect(encodeGif(lying)).rejects.toThrow(/3 x 24 x 32 x 1 takes 2304 bytes, got 1536/);
    await expect(encodeWebp({ ...lying, height: 0 })).rejects.toThrow(VideoError);
    await expect(encodePng(film(2, 3))).rejects.toThrow(VideoError);
    await expect(encodeGif(film(1, 1), { fps: 0 })).rejects.toThrow(/fps: .*got 0/);
  });
});
