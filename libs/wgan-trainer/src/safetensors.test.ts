import { sizeOf } from '@tgan/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors, SafetensorsError } from './safetensors.js';

/** A file with this header, whatever it says, and so many bytes after it. */
function file(header: unknown, dataBytes = 0, lengthSaid?: bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, lengthSaid ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
const entry = (shape: unknown, ...data_offsets: unknown[]) => ({
  dtype: 'F32',
  shape,
  data_offsets,
});

const array = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
  const size = sizeOf(shape);
  return fc
    .float32Array({ minLength: size, maxLength: size })
    .map((data) => ({ shape, data: Float32Array.from(data) }));
});
const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '0', 'critic/conv0/kernel', ''));
const contents = fc.record({
  arrays: fc
    .uniqueArray(fc.tuple(name, array), { selector: ([name]) => name })
    .map((entries) => new Map(entries)),
  metadata: fc
    .uniqueArray(fc.tuple(name, fc.string()), { selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries) as Record<string, string>),
});

/**
 * What safetensors 0.8.0, its Python package, writes of w = [[1, -2]], b = 0.5 and the metadata a =
 * b.
 */
const fromPython = Buffer.from(
  '88000000000000007b225f5f6d657461646174615f5f223a7b2261223a2262227d2c2262223a7b2264747970' +
    '65223a22463332222c227368617065223a5b5d2c22646174615f6f666673657473223a5b302c345d7d2c2277' +
    '223a7b226474797065223a22463332222c227368617065223a5b312c325d2c22646174615f6f666673657473' +
    '223a5b342c31325d7d7d20200000003f0000803f000000c0',
  'hex',
);

describe('safetensors', () => {
  it('reads what the Python package wrote', () => {
    const { arrays, metadata } = parseSafetensors(fromPython);
    expect(metadata).toEqual({ a: 'b' });
    expect(Object.fromEntries(arrays)).toEqual({
      w: { shape: [1, 2], data: Float32Array.of(1, -2) },
      b: { shape: [], data: Float32Array.of(0.5) },
    });
  });

  it('gives back any arrays and texts, also from the middle of a buffer', () => {
    fc.assert(
      fc.property(contents, fc.nat(3), ({ arrays, metadata }, before) => {
        const written = formatSafetensors({ arrays, metadata });
        const within = new Uint8Array(before + written.length);
        within.set(written, before);
        const read = parseSafetensors(within.subarray(before));
        expect(new Map(read.arrays)).toEqual(arrays);
        expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
    );
  });

  it('writes the bytes of the format', () => {
    const arrays = new Map([['w', { shape: [1, 2], data: Float32Array.of(1, -2) }]]);
    const json =
      '{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8);
    const expected = file(padded, 8);
    new Float32Array(expected.buffer, 8 + padded.length).set([1, -2]);
    expect(formatSafetensors({ arrays, metadata: { a: 'b' } })).toEqual(expected);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /at least 8 bytes/],
    ['a header longer than the file', file({}, 0, 3n), /header of 3 bytes in a file of 10/],
    ['a header of 2^64 - 1 bytes', file({}, 0, 2n ** 64n - 1n), /header of 18446744073709552000/],
    ['no JSON', file('{"a":'), /no JSON/],
    ['no UTF-8', file({}, 1, 3n).fill(0xff, 8), /no JSON/],
    ['deep nesting', file('['.repeat(1e6)), /no JSON/],
    ['a list', file([]), /no JSON object/],
    ['metadata of numbers', file({ __metadata__: { a: 1 } }), /object of texts/],
    ['an entry that is no object', file({ w: 1 }), /w: the header has no object/],
    ['another type', file({ w: { ...entry([1], 0, 2), dtype: 'F16' } }, 2), /this is "F16"/],
    ['a negative size', file({ w: entry([-1], 0, 4) }, 4), /not a list of sizes/],
    ['sizes beyond counting', file({ w: entry([1e300], 0, 4) }, 4), /not a list of sizes/],
    ['one place', file({ w: entry([1], 0) }, 4), /no two places/],
    ['a shape that lies', file({ w: entry([2 ** 40], 0, 4) }, 4), /4 bytes do not fill/],
    ['terabytes', file({ w: entry([2 ** 40], 0, 2 ** 42) }, 4), /ends at byte 4398046511104 of 4/],
    ['a gap', file({ w: entry([1], 4, 8) }, 8), /begins at byte 4 of the data, expected 0/],
    ['an overlap', file({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, 4), /expected 4/],
    ['bytes left over', file({ w: entry([1], 0, 4) }, 6), /2 bytes belong to no array/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => parseSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => parseSafetensors(bytes)).toThrow(message);
  });

  it('answers any damaged file with arrays or a SafetensorsError', () => {
    const whole = formatSafetensors({
      arrays: new Map([
        ['a', { shape: [2], data: Float32Array.of(1, 2) }],
        ['b', { shape: [1, 1], data: Float32Array.of(3) }],
      ]),
      metadata: { steps: '3' },
    });
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    let refused = 0;
    fc.assert(
      fc.property(damage, ([at, byte, length]) => {
        const broken = whole.slice(0, length);
        if (at < length) broken[at] = byte;
        try {
          const numbers = [...parseSafetensors(broken).arrays.values()].map(({ data }) => data);
          expect(numbers.reduce((sum, data) => sum + data.byteLength, 0)).toBeLessThan(length);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  it('refuses to write what it could not read', () => {
    const one = { shape: [1], data: Float32Array.of(1) };
    const write = (name: string, array: typeof one) => () =>
      formatSafetensors({ arrays: new Map([[name, array]]) });
    expect(write('__metadata__', one)).toThrow(SafetensorsError);
    expect(write('w', { ...one, shape: [2] })).toThrow(/w: \[2\] does not hold 1 numbers/);
  });
});
