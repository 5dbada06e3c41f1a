import { constants } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SharpOptions } from 'sharp';
import { VideoError } from './clips.js';
import { loadSharp } from './load-sharp.js';

/** A copy of a file in another format. */
export interface FileCopy {
  readonly path: string;
  /** Removes it. */
  readonly forget: () => Promise<void>;
}

/** Pixels that are in memory at once. */
const pixelsAtOnce = 2 ** 24;

/**
 * The largest animation that is read: 8192 frames of 256x256. A larger claim is a damaged or
 * hostile file.
 */
const maxPixels = 2 ** 29;

/**
 * An animated WebP as an animated PNG of the same pixels and times: ffmpeg before version 8 reads
 * no animated WebP.
 *
 * @returns undefined when the file is no WebP, or is not there.
 * @throws VideoError when it is one that cannot be read.
 */
export async function asApng(path: string): Promise<FileCopy | undefined> {
  if (!(await isWebp(path))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tgan-webp-'));
  const forget = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'copy.apng');
    const file = await open(copy, 'wx');
    await writeApng(path, file).finally(() => file.close());
    return { path: copy, forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

async function isWebp(path: string): Promise<boolean> {
  // A pipe is not waited for.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => {});
  if (!file) return false;
  try {
    if (!(await file.stat()).isFile()) return false;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    return bytesRead === 12 && /^RIFF[^]{4}WEBP$/.test(buffer.toString('latin1'));
  } finally {
    await file.close();
  }
}

async function writeApng(path: string, file: FileHandle): Promise<void> {
  const sharp = await loadSharp();
  const fail = (cause: Error): never => {
    throw new VideoError(`${path}: not a readable WebP: ${cause.message.split('\n')[0]}`, {
      cause,
    });
  };
  const read = (options: SharpOptions) =>
    sharp(path, { limitInputPixels: maxPixels, failOn: 'truncated', ...options });
  const { width, height, pages = 1, delay = [] } = await read({ pages: 1 }).metadata().catch(fail);
  if (width * height * pages > maxPixels) {
    fail(new Error(`${pages} frames of ${width}x${height} are too many pixels`));
  }
  const atOnce = Math.max(1, Math.floor(pixelsAtOnce / (width * height)));
  let sequence = 0;
  for (let first = 0; first < pages; first += atOnce) {
    const count = Math.min(atOnce, pages - first);
    const { data } = await read({ page: first, pages: count })
      .ensureAlpha()
      .toColorspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch(fail);
    const raw = { width, height, channels: 4 } as const;
    for (let i = 0; i < count; i++) {
      const pixels = data.subarray(i * width * height * 4, (i + 1) * width * height * 4);
      const png = await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer();
      const chunks = chunksOf(png);
      if (sequence === 0) {
        const header = chunks.find(({ type }) => type === 'IHDR')!.data;
        await file.appendFile(png.subarray(0, 8));
        await file.appendFile(chunk('IHDR', header));
        await file.appendFile(chunk('acTL', words(pages, 0)));
      }
      const milliseconds = Math.min(delay[first + i] || 100, 65_535);
      const control = Buffer.concat([
        words(sequence++, width, height, 0, 0),
        Buffer.from([milliseconds >> 8, milliseconds & 255, 1000 >> 8, 1000 & 255, 0, 0]),
      ]);
      await file.appendFile(chunk('fcTL', control));
      for (const { type, data } of chunks) {
        if (type !== 'IDAT') continue;
        // The first frame is the picture that viewers without animation show.
        if (first + i === 0) await file.appendFile(chunk('IDAT', data));
        else await file.appendFile(chunk('fdAT', words(sequence++), data));
      }
    }
  }
  await file.appendFile(chunk('IEND'));
}

/** The chunks of a PNG. */
function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const data = png.subarray(at + 8, at + 8 + length);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data });
    at += length + 12;
  }
  return chunks;
}

/** A chunk as it stands in a PNG: its length, its type, its data and their checksum. */
function chunk(type: string, ...data: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...data]);
  return Buffer.concat([words(body.length - 4), body, words(crc32(body))]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}
