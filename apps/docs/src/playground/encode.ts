import type { Film } from '../film.js';
import { delays } from './delays.js';
import type { FilmFormat } from './formats.js';
import { animatedWebp } from './webp.js';

/**
 * A film as a file; a PNG has its first frame.
 *
 * @param rate - frames per second.
 * @throws Error when this browser cannot write the format.
 */
export function encodeFilm(film: Film, format: FilmFormat, rate: number): Promise<Blob> {
  const encoders = { gif: encodeGif, webp: encodeWebp, mp4: encodeMp4, png: encodePng };
  return encoders[format](film, rate);
}

/** Most players slow a GIF of more frames a second down. */
const fastestGif = 50;

async function encodeGif({ width, height, frames }: Film, rate: number): Promise<Blob> {
  const { applyPalette, GIFEncoder, quantize } = await import('gifenc');
  const encoder = GIFEncoder();
  const grays = Array.from({ length: 256 }, (_, shade) => [shade, shade, shade]);
  // GIF counts in hundredths of a second.
  const stays = delays(frames.length, Math.min(rate, fastestGif), 10);
  frames.forEach((frame, i) => {
    const gray = isGray(frame);
    const palette = gray ? grays : quantize(frame, 256);
    const pixels = gray ? shadesOf(frame) : applyPalette(frame, palette);
    encoder.writeFrame(pixels, width, height, { palette, delay: stays[i], repeat: 0 });
  });
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

const isGray = (rgba: Uint8ClampedArray): boolean =>
  rgba.every((value, i) => i % 4 === 0 || i % 4 === 3 || value === rgba[i - 1]);

const shadesOf = (rgba: Uint8ClampedArray): Uint8Array =>
  Uint8Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i]);

async function encodeWebp(film: Film, rate: number): Promise<Blob> {
  const files: Uint8Array[] = [];
  for (const picture of await picturesOf(film, 'image/webp')) {
    // Browsers that do not know a type write PNG.
    if (picture.type !== 'image/webp') {
      throw new Error('this browser writes no WebP; choose GIF');
    }
    files.push(new Uint8Array(await picture.arrayBuffer()));
  }
  const bytes = animatedWebp(files, film, delays(film.frames.length, rate, 1));
  return new Blob([bytes], { type: 'image/webp' });
}

async function encodePng(film: Film): Promise<Blob> {
  const [picture] = await picturesOf({ ...film, frames: film.frames.slice(0, 1) }, 'image/png');
  return picture;
}

async function encodeMp4({ width, height, frames }: Film, rate: number): Promise<Blob> {
  const mp4 = await import('mediabunny');
  const codec = await mp4.getFirstEncodableVideoCodec(['avc', 'vp9', 'av1'], { width, height });
  if (!codec) {
    throw new Error('this browser encodes no video (WebCodecs); choose GIF or WebP');
  }
  const target = new mp4.BufferTarget();
  const output = new mp4.Output({ format: new mp4.Mp4OutputFormat(), target });
  const { canvas, context } = drawingOf(width, height);
  const source = new mp4.CanvasSource(canvas, { codec, bitrate: mp4.QUALITY_HIGH });
  output.addVideoTrack(source, { frameRate: rate });
  await output.start();
  for (const [i, frame] of frames.entries()) {
    context.putImageData(new ImageData(frame, width, height), 0, 0);
    await source.add(i / rate, 1 / rate);
  }
  await output.finalize();
  return new Blob([target.buffer!], { type: 'video/mp4' });
}

/** Each frame as a file. */
function picturesOf({ width, height, frames }: Film, type: string): Promise<Blob[]> {
  return Promise.all(
    frames.map((frame) => {
      const { canvas, context } = drawingOf(width, height);
      context.putImageData(new ImageData(frame, width, height), 0, 0);
      // Quality 1 of WebP is lossless.
      return canvas.convertToBlob({ type, quality: 1 });
    }),
  );
}

function drawingOf(width: number, height: number) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser draws no pictures off the screen');
  return { canvas, context };
}
