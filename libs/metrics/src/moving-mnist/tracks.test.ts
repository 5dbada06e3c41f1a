import { expect, it } from 'vitest';
import type { Sighting } from './reader.js';
import { trackDigits } from './tracks.js';

const sighting = (digit: number, y: number, x: number): Sighting => ({
  digit,
  y,
  x,
  confidence: 0.9,
  presence: 0.95,
});

it('follows two digits that cross', () => {
  const frames = Array.from({ length: 8 }, (_, t) => {
    const pair = [sighting(3, 20, 10 + 4 * t), sighting(7, 22, 40 - 4 * t)];
    return t % 2 ? pair.reverse() : pair;
  });
  const tracks = trackDigits(frames, 2);
  expect(tracks.map((track) => track.map((seen) => seen?.digit))).toEqual([
    new Array(8).fill(3),
    new Array(8).fill(7),
  ]);
});

it('follows two like digits by where they are', () => {
  const frames = Array.from({ length: 6 }, (_, t) => [
    sighting(1, 15 + t, 15),
    sighting(1, 45 - t, 45),
  ]);
  const [first, second] = trackDigits(
    frames.map((f, t) => (t % 2 ? [...f].reverse() : f)),
    2,
  );
  expect(first.map((seen) => seen!.x)).toEqual(new Array(6).fill(15));
  expect(second.map((seen) => seen!.x)).toEqual(new Array(6).fill(45));
});

it('leaves gaps, and what is more than there should be', () => {
  const frames = [[sighting(5, 15, 15), sighting(2, 40, 40)], [], [sighting(5, 16, 16)]];
  const [track, ...others] = trackDigits(frames, 1);
  expect(others).toEqual([]);
  expect(track.map((seen) => seen?.digit)).toEqual([5, undefined, 5]);
});
