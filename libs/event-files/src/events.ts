import { histogramOf } from './histogram.js';
import { bytes, double, doubles, float, integer, message, text } from './protobuf.js';

// Field numbers are those of TensorFlow's event.proto and summary.proto.

/** What an event is about, as a field of the Event message. */
export type EventContent = Buffer;

/** One event: when it happened (seconds since 1970), its step, and what it is about. */
export function formatEvent(wallTime: number, step: number, content: EventContent): Buffer {
  return Buffer.concat([double(1, wallTime), integer(2, step), content]);
}

/** The first event of every file. From version 2 on, readers heed {@link sessionStart}. */
export const fileVersion = (): EventContent => text(3, 'brain.Event:2');

/**
 * Says that a run went on from the event's step: readers forget that step and later ones of earlier
 * files.
 */
export const sessionStart = (): EventContent => message(7, integer(1, 1));

/** A summary: values of one step, each with its tag. */
export const summary = (values: readonly Buffer[]): EventContent => message(5, ...values);

/** A value of a summary: a number, kept as float32. */
export const scalarValue = (tag: string, value: number) =>
  message(1, text(1, tag), float(2, value));

/** A value of a summary: a PNG or GIF file. */
export function imageValue(tag: string, picture: Uint8Array): Buffer {
  const { width, height, channels } = pictureHeader(picture);
  const image = [integer(1, height), integer(2, width), integer(3, channels), bytes(4, picture)];
  return message(1, text(1, tag), message(4, ...image));
}

/** A value of a summary: how often values fall into ranges. */
export function histogramValue(tag: string, values: ArrayLike<number>): Buffer {
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogramOf(values);
  const moments = [min, max, count, sum, sumOfSquares].map((value, i) => double(i + 1, value));
  return message(1, text(1, tag), message(5, ...moments, doubles(6, limits), doubles(7, counts)));
}

/** The fields of an image in an event. */
interface PictureHeader {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1 gray, 2 gray with alpha, 3 color, 4 color with alpha. */
  readonly channels: number;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Channels of PNG's color types; 3 is a palette of colors. */
const pngChannels: Record<number, number> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/**
 * Reads the size of a PNG or GIF out of its first bytes.
 *
 * @throws TypeError when it is neither.
 */
function pictureHeader(picture: Uint8Array): PictureHeader {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  const channels = picture.length >= 26 ? pngChannels[picture[25]] : undefined;
  if (channels && PNG.every((byte, i) => picture[i] === byte)) {
    return { width: view.getUint32(16), height: view.getUint32(20), channels };
  }
  if (picture.length >= 10 && /^GIF8[79]a/.test(Buffer.from(picture.subarray(0, 6)).toString())) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true), channels: 3 };
  }
  throw new TypeError('an image must be the bytes of a PNG or GIF file');
}
