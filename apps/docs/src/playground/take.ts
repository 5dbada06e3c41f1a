import { formatNpy } from '@tgan/core';
import { filmOf, type Film } from '../film.js';
import { encodeFilm } from './encode.js';
import { enlarged } from './enlarge.js';
import type { FilmFormat, Format } from './formats.js';
import type { VideoValues } from './studio.js';

/** Frames up to this size are enlarged more. */
const smallFrame = 64;

/**
 * Videos as a file: beside each other, or of a PNG all frames of each in a row.
 *
 * @param rate - frames per second.
 * @throws Error when this browser cannot write the format.
 */
export async function takeFile(videos: VideoValues, format: Format, rate: number): Promise<Blob> {
  if (format === 'npy') {
    const { shape, data } = videos;
    return new Blob([formatNpy({ type: 'f4', shape, data }) as Uint8Array<ArrayBuffer>]);
  }
  return encodeFilm(pictureOf(videos, format), format, rate);
}

function pictureOf({ data, shape }: VideoValues, format: FilmFormat): Film {
  const [videos, frames, height, ...rest] = shape;
  const film =
    format === 'png'
      ? filmOf(data, [videos * frames, 1, height, ...rest], frames)
      : filmOf(data, shape);
  return enlarged(film, height > smallFrame ? 2 : 4);
}
