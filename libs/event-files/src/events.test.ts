import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fileVersion,
  formatEvent,
  histogramValue,
  imageValue,
  scalarValue,
  sessionStart,
  summary,
} from './events.js';
import { readEvent } from './testing/read-events.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e100, max: 1e100 });
const valueOf = (value: Buffer) => readEvent(formatEvent(0, 0, summary([value]))).summary!.value[0];

describe('events', () => {
  it('hold any time and any step', () => {
    fc.assert(
      fc.property(fc.double(), fc.maxSafeNat(), (time, step) => {
        const event = readEvent(formatEvent(time, step, sessionStart()));
        expect(event).toEqual({ wallTime: time, step, sessionLog: { status: 'START' } });
      }),
    );
  });

  it('begin a file with its version', () => {
    expect(readEvent(formatEvent(1.5, 0, fileVersion())).fileVersion).toBe('brain.Event:2');
  });

  it('hold any scalars by any tags', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.float())), (scalars) => {
        const content = summary(scalars.map((scalar) => scalarValue(...scalar)));
        const read = readEvent(formatEvent(0, 7, content)).summary?.value ?? [];
        expect(read.map(({ tag, simpleValue }) => [tag, simpleValue])).toEqual(scalars);
      }),
    );
  });
});

describe('histograms', () => {
  it('count every value in the range that holds it', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 300 }), (values) => {
        const { min, max, num, sum, bucketLimit, bucket } = valueOf(
          histogramValue('h', values),
        ).histo!;
        expect([min, max]).toEqual([
          values.reduce((a, b) => Math.min(a, b)),
          values.reduce((a, b) => Math.max(a, b)),
        ]);
        expect(num).toBe(values.length);
        expect(sum).toBe(values.reduce((a, b) => a + b, 0));
        expect(bucketLimit.at(-1)).toBe(max);
        const last = bucket.length - 1;
        bucket.forEach((count, i) => {
          const from = i === 0 ? min : bucketLimit[i - 1];
          const inside = (v: number) => v >= from && (i === last ? v <= max : v < bucketLimit[i]);
          expect(count).toBe(values.filter(inside).length);
        });
      }),
    );
  });

  it('have 30 ranges, or one where all values are equal', () => {
    expect(valueOf(histogramValue('h', Float32Array.of(0, 1, 30))).histo!.bucket).toHaveLength(30);
    expect(valueOf(histogramValue('h', [2, 2])).histo).toEqual({
      ...{ min: 2, max: 2, num: 2, sum: 4, sumSquares: 8 },
      ...{ bucketLimit: [2], bucket: [2] },
    });
  });

  it('are not made of nothing, nor of what is no number', () => {
    expect(() => histogramValue('h', [])).toThrow(/at least one value/);
    expect(() => histogramValue('h', [1, NaN])).toThrow(/finite values; value 1 is NaN/);
    expect(() => histogramValue('h', [Infinity])).toThrow(RangeError);
  });
});

describe('images', () => {
  const gif = Buffer.from('GIF89a\x03\x02\x05\x00 and so on', 'latin1');
  const png = (type: number) => {
    const head = Buffer.from('89504e470d0a1a0a0000000d49484452000000070000010508', 'hex');
    return Buffer.concat([head, Buffer.from([type, 0, 0, 0])]);
  };

  it.each([
    ['GIF', gif, 0x203, 5, 3],
    ['gray PNG', png(0), 7, 0x105, 1],
    ['PNG in color', png(2), 7, 0x105, 3],
    ['PNG of a palette', png(3), 7, 0x105, 3],
    ['gray PNG with alpha', png(4), 7, 0x105, 2],
    ['PNG with alpha', png(6), 7, 0x105, 4],
  ])('tell the size of a %s', (_, picture, width, height, colorspace) => {
    const image = { height, width, colorspace, encodedImageString: picture };
    expect(valueOf(imageValue('i', picture)).image).toEqual(image);
  });

  it('are PNG or GIF', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => imageValue('i', bytes)).toThrow(/must be the bytes of a PNG or GIF/);
      }),
    );
    for (const cut of [gif.subarray(0, 9), png(0).subarray(0, 25), png(5)]) {
      expect(() => imageValue('i', cut)).toThrow(TypeError);
    }
  });
});
