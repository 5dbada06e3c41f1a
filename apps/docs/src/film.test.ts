import { describe, expect, it } from 'vitest';
import { filmOf } from './film.js';

const gray = (value: number) => [value, value, value, 255];
const empty = [0, 0, 0, 0];

describe('filmOf', () => {
  it('puts gray videos side by side, frame by frame', () => {
    // Two videos of two frames of one pixel: black, white; gray, black.
    const film = filmOf([-1, 1, 0, -1], [2, 2, 1, 1, 1], 2);
    expect(film).toMatchObject({ width: 3, height: 1 });
    expect(film.frames.map((frame) => [...frame])).toEqual([
      [...gray(0), ...empty, ...gray(128)],
      [...gray(255), ...empty, ...gray(0)],
    ]);
  });

  it('goes on in the next row, and leaves the rest of the last one empty', () => {
    const { width, height, frames } = filmOf([-1, 0, 1], [3, 1, 1, 1, 1]);
    expect([width, height]).toEqual([3, 3]);
    const pixel = (x: number, y: number) => [
      ...frames[0].slice(4 * (3 * y + x), 4 * (3 * y + x + 1)),
    ];
    expect([pixel(0, 0), pixel(2, 0), pixel(0, 2), pixel(2, 2)]).toEqual([
      gray(0),
      gray(128),
      gray(255),
      empty,
    ]);
  });

  it('keeps the order of colors and of pixels in a row', () => {
    const { frames } = filmOf([-1, 0, 1, 1, -1, 0], [1, 1, 1, 2, 3]);
    expect([...frames[0]]).toEqual([0, 128, 255, 255, 255, 0, 128, 255]);
  });
});
