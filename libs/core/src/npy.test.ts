import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sizeOf } from './arrays.js';
import { formatNpy, NpyError, parseNpy, parseNpyHeader } from './npy.js';
import { formatNpz, parseNpz } from './npz.js';

const floats = fc.array(fc.nat(5), { maxLength: 4 }).chain((shape) =>
  fc
    .float32Array({
      minLength: sizeOf(shape),
      maxLength: sizeOf(shape),
    })
    .map((data) => ({ type: 'f4' as const, shape, data })),
);

/** A file as numpy.save writes it: np.arange(6, dtype='<i4').reshape(2, 3). */
const fromNumpy = Buffer.from(
  '934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2033292c207d' +
    '20'.repeat(58) +
    '0a000000000100000002000000030000000400000005000000',
  'hex',
);

describe('npy', () => {
  it('reads what NumPy wrote', () => {
    expect(parseNpy(fromNumpy)).toEqual({
      type: 'i4',
      shape: [2, 3],
      data: Int32Array.of(0, 1, 2, 3, 4, 5),
    });
  });

  it('round-trips any array', () => {
    fc.assert(
      fc.property(floats, (array) => {
        expect(parseNpy(formatNpy(array))).toEqual(array);
      }),
    );
  });

  it('answers 10,000 damaged files with an NpyError or an array, never anything else', () => {
    const whole = formatNpy({ type: 'u1', shape: [3, 5], data: new Uint8Array(15) });
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    fc.assert(
      fc.property(damage, ([at, byte, length]) => {
        const broken = whole.slice(0, length);
        if (at < length) broken[at] = byte;
        try {
          parseNpy(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(NpyError);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('names what is wrong', () => {
    expect(() => parseNpy(new Uint8Array(40))).toThrow(/magic bytes/);
    expect(() => parseNpy(fromNumpy.subarray(0, 140))).toThrow(/needs 152 bytes, the file has 140/);
    const text = fromNumpy.toString('latin1');
    const edited = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1');
    expect(() => parseNpy(edited("'<i4'", "'>i4'"))).toThrow(/elements are '>i4'/);
    expect(() => parseNpy(edited('False,', 'True, '))).toThrow(/Fortran order/);
    expect(() => parseNpy(edited('(2, 3)', '(9999999999, 3)'))).toThrow(/cut short/);
    expect(() => formatNpy({ type: 'u1', shape: [2], data: new Uint8Array(3) })).toThrow(/holds 2/);
  });

  it('reads a header from the first bytes of a large file', () => {
    const header = parseNpyHeader(fromNumpy.subarray(0, 128), 128 + 24);
    expect(header).toEqual({ type: 'i4', shape: [2, 3], dataOffset: 128, dataBytes: 24 });
  });
});

describe('npz', () => {
  it('round-trips named arrays', () => {
    const arrays = new Map([
      ['z0', { type: 'f4' as const, shape: [2], data: Float32Array.of(1, -1) }],
      ['fsgen/dc0/W', { type: 'u1' as const, shape: [1, 2], data: Uint8Array.of(3, 4) }],
    ]);
    expect(parseNpz(formatNpz(arrays))).toEqual(arrays);
  });

  it('reads the arrays that are wanted, and looks at no other', () => {
    const array = { type: 'u1' as const, shape: [1], data: Uint8Array.of(7) };
    const broken = formatNpz([
      ['bn/N', array],
      ['bn/W', array],
    ]);
    broken[broken.indexOf(0x93)] = 0;
    expect(parseNpz(broken, (name) => name !== 'bn/N')).toEqual(new Map([['bn/W', array]]));
  });

  it('says which array is unreadable, and when the archive is none', () => {
    const broken = formatNpz([['a', { type: 'u1', shape: [1], data: Uint8Array.of(7) }]]);
    broken[broken.indexOf(0x93)] = 0;
    expect(() => parseNpz(broken)).toThrow(/a: not a .npy file/);
    expect(() => parseNpz(Uint8Array.of(1, 2, 3))).toThrow(NpyError);
    const claims = zipSync({ 'a.npy': new Uint8Array(1000) });
    // The size field of the entry in the archive's directory.
    const directory = Buffer.from(claims).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(claims.buffer, claims.byteOffset).setUint32(directory + 24, 2 ** 31 - 1, true);
    expect(() => parseNpz(claims)).toThrow('a.npy claims 2147483647 bytes');
  });

  it('refuses small archives that unpack to more than any of their size holds', () => {
    // 130 arrays of 4 MB of zeros, half a megabyte when packed.
    const zeros = formatNpy({ type: 'u1', shape: [2 ** 22], data: new Uint8Array(2 ** 22) });
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`${i}.npy`, zeros])),
    );
    const before = process.memoryUsage().arrayBuffers;
    expect(() => parseNpz(many)).toThrow(
      /its arrays claim \d+ bytes or more, too many for a file of/,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
    // The same archive is read where little of it is wanted.
    expect(parseNpz(many, (name) => name === '7').size).toBe(1);
  });

  it('refuses archives whose arrays overlap', () => {
    const array = { type: 'u1', shape: [1000], data: new Uint8Array(1000) } as const;
    const archive = Buffer.from(formatNpz(Array.from({ length: 9 }, (_, i) => [`a${i}`, array])));
    const directory = Buffer.from([0x50, 0x4b, 1, 2]);
    const places: number[] = [];
    for (let at = archive.indexOf(directory); at >= 0; at = archive.indexOf(directory, at + 1)) {
      places.push(at);
    }
    expect(places).toHaveLength(9);
    // Nine entries of the directory all claim the bytes from the first array to the last.
    const whole = archive.readUInt32LE(places[8] + 42);
    for (const at of places) {
      archive.writeUInt32LE(whole, at + 20);
      archive.writeUInt32LE(whole, at + 24);
      archive.writeUInt32LE(0, at + 42);
    }
    expect(() => parseNpz(archive)).toThrow('its arrays overlap, a1.npy with one before it');
  });
});
