import { histogramOf } from './histogram.js';
import { pictureHeader } from './picture.js';
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

/** Says that a run went on from the event's step: readers forget that step and later ones of earlier files. */
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
