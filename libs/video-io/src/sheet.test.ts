import { OptionsError } from '@tgan/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VideoError, type Clips } from './clips.js';
import { filmStrip, grid } from './sheet.js';

/** Clips whose every byte tells where it comes from (and none is 255, the white of the gaps). */
const anyClips = fc
  .record({
    count: fc.integer({ min: 1, max: 7 }),
    time: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
    channels: fc.constantFrom(1, 3),
  })
  .map(({ count, time, height, width, channels }): Clips => {
    const length = count * time * height * width * channels;
    return {
      shape: [count, time, height, width, channels],
      data: Uint8Array.from({ length }, (_, i) => (i * 37) % 251),
    };
  });

const layout = fc.record({ scale: fc.integer({ min: 1, max: 3 }), gap: fc.nat(3) });

describe('grid', () => {
  it('puts every pixel of every clip where it belongs, and white elsewhere', () => {
    fc.assert(
      fc.property(anyClips, layout, fc.integer({ min: 1, max: 9 }), (clips, options, columns) => {
        const [count, time, height, width, channels] = clips.shape;
        const film = grid(clips, { ...options, columns });
        const across = Math.min(columns, count);
        expect(film.frames).toBe(time);
        let covered = 0;
        for (let t = 0; t < time; t++) {
          for (let i = 0; i < count; i++) {
            const top = Math.floor(i / across) * (height * options.scale + options.gap);
            const left = (i % across) * (width * options.scale + options.gap);
            for (let y = 0; y < height * options.scale; y++) {
              for (let x = 0; x < width * options.scale; x++) {
                for (let c = 0; c < channels; c++) {
                  const at = ((t * film.height + top + y) * film.width + left + x) * channels + c;
                  const row = (i * time + t) * height + Math.floor(y / options.scale);
                  const from = (row * width + Math.floor(x / options.scale)) * channels + c;
                  if (film.data[at] === clips.data[from]) covered++;
                }
              }
            }
          }
        }
        expect(covered).toBe(clips.data.length * options.scale ** 2);
        const white = film.data.filter((pixel) => pixel === 255).length;
        expect(white).toBe(film.data.length - covered);
      }),
    );
  });

  it('is as square as can be unless told', () => {
    const clips = (count: number): Clips => ({
      shape: [count, 1, 4, 4, 1],
      data: new Uint8Array(count * 16),
    });
    expect(grid(clips(9), { gap: 0 })).toMatchObject({ height: 12, width: 12 });
    expect(grid(clips(5), { gap: 0 })).toMatchObject({ height: 8, width: 12 });
    expect(grid(clips(1))).toMatchObject({ height: 4, width: 4 });
  });
});

describe('filmStrip', () => {
  it('is the grid of the frames, a clip a row', () => {
    fc.assert(
      fc.property(anyClips, layout, (clips, options) => {
        const [count, time, height, width, channels] = clips.shape;
        const frames: Clips = {
          data: clips.data,
          shape: [count * time, 1, height, width, channels],
        };
        const { frames: one, ...sheet } = grid(frames, { ...options, columns: time });
        expect(one).toBe(1);
        expect(filmStrip(clips, options)).toEqual(sheet);
      }),
    );
  });

  it('refuses what it cannot draw', () => {
    const clips: Clips = { shape: [1, 1, 2, 2, 1], data: new Uint8Array(4) };
    expect(() => filmStrip({ ...clips, shape: [1, 1, 2, 2, 4] })).toThrow(/1 channel .* not 4/);
    expect(() => filmStrip({ ...clips, shape: [2, 1, 2, 2, 1] })).toThrow(/takes 8 bytes, got 4/);
    expect(() => grid({ data: new Uint8Array(0), shape: [0, 1, 2, 2, 1] })).toThrow(VideoError);
    expect(() => grid(clips, { scale: 0 })).toThrow(OptionsError);
  });
});
