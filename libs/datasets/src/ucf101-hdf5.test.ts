import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@tgan/core';
import fc from 'fast-check';
import h5wasm from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetError } from './error.js';
import { packed } from './packed.js';
import { preparePacked } from './prepare.js';
import { parseRanges, ucf101Hdf5 } from './ucf101-hdf5.js';

let folder: string;
let path: string;
const time = 60;
const shape = [time, 3, 64, 85];

/** A byte that tells its frame, channel and column. */
const pixel = (t: number, c: number, x: number) => (t * 4 + c * 85 + x) & 255;

async function write(name: string, data: Uint8Array | Float32Array, dimensions: number[]) {
  await h5wasm.ready;
  const file = new h5wasm.File(join(folder, name), 'w');
  file.create_dataset({
    name: name.startsWith('other') ? 'frames' : 'image',
    data,
    shape: dimensions,
  });
  file.close();
  return join(folder, name);
}

const index = (text: string | Buffer) => {
  writeFileSync(join(folder, 'index.csv'), text);
  return join(folder, 'index.csv');
};
const columns = ',category,group,scene,start,end\n';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-h5-'));
  const data = new Uint8Array(time * 3 * 64 * 85);
  for (let i = 0; i < data.length; i++) {
    const plane = Math.floor(i / (64 * 85));
    data[i] = pixel(Math.floor(plane / 3), plane % 3, i % 85);
  }
  path = await write('ucf101.h5', data, shape);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('ucf101Hdf5', () => {
  it('packs the videos of the original file', async () => {
    const table = '0,Biking,1,2,0,20\n1,Archery,25,7,20,36\n2,Biking,3,1,36,50\n';
    const set = await ucf101Hdf5(path, index(columns + table), { split: 2, part: 'test' });
    const out = join(folder, 'out.tgan');
    const info = await preparePacked(set, out);
    expect(info.classes).toEqual(['Archery', 'Biking']);
    expect(info.videos.map(({ name, frames, label }) => [name, frames, label])).toEqual([
      ['v_Biking_g01_c02', 20, 1],
      ['v_Archery_g25_c07', 16, 0],
    ]);
    expect(info.unusable).toEqual([
      { name: 'v_Biking_g03_c01', reason: '14 frames, fewer than 16' },
    ]);
    expect(info.provenance).toMatchObject({ set: 'ucf101', split: 2, part: 'test' });
    const source = await packed(out);
    const clip = await source.read(1, new Random(0)); // frames 20 to 35
    expect(source.clip).toEqual({ frames: 16, height: 64, width: 64, channels: 3 });
    for (let i = 0; i < clip.length; i += 101) {
      const at = Math.floor(i / 3);
      expect(clip[i]).toBe(pixel(20 + Math.floor(at / 4096), i % 3, 10 + (at % 64)));
    }
    await source.close!();
  });

  it('packs in gray when told', async () => {
    const table = index(`${columns}0,Biking,1,2,0,20\n`);
    const out = join(folder, 'gray.tgan');
    await preparePacked(await ucf101Hdf5(path, table, { channels: 1 }), out);
    const source = await packed(out, { frames: 20 });
    expect(source.clip).toEqual({ frames: 20, height: 64, width: 64, channels: 1 });
    const clip = await source.read(0, new Random(0));
    for (let i = 0; i < clip.length; i += 101) {
      const [t, x] = [Math.floor(i / 4096), 10 + (i % 64)];
      const weights = [0.299, 0.587, 0.114];
      const shade = weights.reduce((sum, weight, c) => sum + weight * pixel(t, c, x), 0);
      expect(Math.abs(clip[i] - shade)).toBeLessThanOrEqual(0.51);
    }
    await source.close!();
  });

  it('says what is wrong with a file', async () => {
    const table = index('start,end\n0,20\n');
    await expect(ucf101Hdf5(join(folder, 'no.h5'), table)).rejects.toThrow(/cannot be opened/);
    await expect(ucf101Hdf5(table, table)).rejects.toThrow(/not an HDF5 file/);
    const floats = await write('floats.h5', new Float32Array(24), [1, 3, 2, 4]);
    await expect(ucf101Hdf5(floats, table)).rejects.toThrow(
      /image is <f of 1 x 3 x 2 x 4, not byt/,
    );
    const flat = await write('flat.h5', new Uint8Array(24), [24]);
    await expect(ucf101Hdf5(flat, table)).rejects.toThrow(/not bytes of 4 axes/);
    const gray = await write('gray.h5', new Uint8Array(24), [3, 1, 2, 4]);
    await expect(ucf101Hdf5(gray, table)).rejects.toThrow(/3 x 1 x 2 x 4; expected time x 3/);
    const other = await write('other.h5', new Uint8Array(24), [1, 3, 2, 4]);
    await expect(ucf101Hdf5(other, table)).rejects.toThrow(/other.h5: /);
    const cut = await write('cut.h5', new Uint8Array(60 * 24), [60, 3, 2, 4]);
    truncateSync(cut, 300);
    await expect(ucf101Hdf5(cut, table)).rejects.toThrow(DatasetError);
    await expect(ucf101Hdf5(path, index('start,end\n0,61\n'))).rejects.toThrow(
      /index.csv:2: expected frames within 0..60, got "0,61"/,
    );
    await expect(ucf101Hdf5(path, index('a,b\n0,61\n'))).rejects.toThrow(/columns start and end/);
    const pickle = Buffer.from('80049514000000000000008c08', 'hex');
    await expect(ucf101Hdf5(path, index(pickle))).rejects.toThrow(
      /index.csv: is a Python pickle; write it as CSV once: python3 -c .*to_csv/,
    );
  });

  it('answers damaged HDF5 files with a DatasetError or frames', async () => {
    const size = 6 * 3 * 4 * 5;
    const data = Uint8Array.from({ length: size }, (_, i) => i);
    const bytes = readFileSync(await write('small.h5', data, [6, 3, 4, 5]));
    const dataAt = bytes.indexOf(data.subarray(0, 200));
    const places = [...bytes.keys()].filter((at) => at < dataAt || at >= dataAt + size);
    // Most of the bytes around the data are zeros that are left over; those that are not are what
    // is read.
    const live = places.filter((at) => bytes[at] !== 0);
    const edit = fc.tuple(
      fc.oneof({ arbitrary: fc.constantFrom(...live), weight: 2 }, fc.constantFrom(...places)),
      fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 127, 128, 255)),
    );
    const table = index('start,end\n0,3\n3,6\n');
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat(bytes.length), { freq: 5, nil: bytes.length }),
        async (edits, length) => {
          const broken = Buffer.from(bytes);
          for (const [at, byte] of edits) broken[at] = byte;
          // Each under a name of its own: HDF5 would take a file of the same name for the one it
          // knows.
          const damaged = join(folder, `damaged-${run++}.h5`);
          writeFileSync(damaged, broken.subarray(0, length));
          try {
            const set = await ucf101Hdf5(damaged, table);
            for (const video of set.videos) {
              for await (const frame of video.frames(() => {}))
                expect(frame.length).toBeLessThan(2 ** 26);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
          } finally {
            rmSync(damaged);
          }
        },
      ),
      // HDF5 keeps a little of each damaged file: after some thousands in one process it has no
      // memory left.
      { numRuns: 1000 },
    );
  });

  it('reads cells in quotes, as pandas writes those that hold a comma', () => {
    const table = 'path,start,end,category\r\n"a, ""b"".avi",0,5,"Eye, Makeup"\r\n';
    expect(parseRanges(table, 5)).toEqual([
      { name: 'video-0', category: 'Eye, Makeup', start: 0, end: 5 },
    ]);
    expect(() => parseRanges('start,end\n0,"5\n', 5)).toThrow(/^index: is not CSV: /);
  });

  it('answers 10,000 damaged tables with a DatasetError or ranges that exist', () => {
    const good = fc
      .tuple(fc.nat(30), fc.nat(40))
      .map(([start, length]) => `0,Biking,1,2,${start},${start + length}`);
    const line = fc.oneof(
      { arbitrary: good, weight: 4 },
      fc.constantFrom('0,B,1,2,0,1e9', ',,,,,', '0,B,1,2,-1,3', '0,B,1,2,0x1,0x9', '0,B,1,2,5,NaN'),
      fc.string({ unit: 'binary', maxLength: 24 }),
    );
    const head = fc.constantFrom(columns, columns, 'start,end\n', 'end,start\n', '');
    let read = 0;
    fc.assert(
      fc.property(head, fc.array(line, { maxLength: 4 }), (first, lines) => {
        try {
          for (const { start, end } of parseRanges(first + lines.join('\n'), time)) {
            expect(start >= 0 && start < end && end <= time).toBe(true);
            read++;
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DatasetError);
        }
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
