import type { Film } from '../film.js';

/** A film of `scale` times the size, each pixel a square: players smooth what they enlarge. */
export function enlarged({ width, height, frames }: Film, scale: number): Film {
  const size = { width: scale * width, height: scale * height };
  const pictures = frames.map((frame) => {
    const from = new Uint32Array(frame.buffer);
    const to = new Uint32Array(size.width * size.height);
    for (let y = 0; y < size.height; y++) {
      const row = Math.floor(y / scale) * width;
      for (let x = 0; x < size.width; x++) {
        to[y * size.width + x] = from[row + Math.floor(x / scale)];
      }
    }
    return new Uint8ClampedArray(to.buffer);
  });
  return { ...size, frames: pictures };
}
