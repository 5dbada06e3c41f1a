import { writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest';
import { EventFileWriter } from './event-file-writer.js';
import { readEvents } from './testing/read-events.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-events-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Steps and their scalars. */
const scalarsOf = (path: string) =>
  readEvents(path).flatMap(({ step, summary }) =>
    (summary?.value ?? []).map(({ tag, simpleValue }) => [step, tag, simpleValue]),
  );

describe('EventFileWriter', () => {
  it('writes what was added, in order, at flush and at close', async () => {
    const writer = await EventFileWriter.open(join(folder, 'new'));
    writer.scalars(1, { a: 0.5, b: -2 });
    await writer.flush();
    const first = [
      [1, 'a', 0.5],
      [1, 'b', -2],
    ];
    expect(scalarsOf(writer.path)).toEqual(first);
    writer.scalars(2, { a: NaN });
    writer.histogram(2, 'h', [1, 2]);
    writer.image(2, 'i', Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1'));
    expect(scalarsOf(writer.path)).toEqual(first);
    await writer.close();
    const events = readEvents(writer.path);
    expect(events[0].fileVersion).toBe('brain.Event:2');
    expect(events.map(({ step }) => step)).toEqual([0, 1, 2, 2, 2]);
    expect(events.flatMap(({ summary }) => summary?.value.map(({ tag }) => tag) ?? [])).toEqual([
      ...['a', 'b', 'a', 'h', 'i'],
    ]);
    for (const { wallTime } of events)
      expect(Math.abs(Date.now() / 1000 - wallTime)).toBeLessThan(60);
  });

  it('holds whatever is added between any flushes', async () => {
    const part = fc.array(fc.tuple(fc.maxSafeNat(), fc.float({ noNaN: true })), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        const writer = await EventFileWriter.open(folder);
        for (const part of parts) {
          for (const [step, value] of part) writer.scalars(step, { x: value });
          void writer.flush();
        }
        await writer.close();
        expect(scalarsOf(writer.path)).toEqual(parts.flat().map(([step, v]) => [step, 'x', v]));
      }),
      { numRuns: 30 },
    );
  });

  it('begins a resumed run in a later file that says from which step on', async () => {
    const first = await EventFileWriter.open(folder);
    await first.close();
    // As if the clock had been put back since.
    writeFileSync(join(folder, 'events.out.tfevents.9000000000.host.1.0'), '');
    const second = await EventFileWriter.open(folder, { resumeAt: 501 });
    await second.close();
    const third = await EventFileWriter.open(folder, { resumeAt: 701 });
    await third.close();
    const names = (await readdir(folder)).sort();
    expect(names.slice(-2)).toEqual([second, third].map(({ path }) => basename(path)));
    expect(readEvents(second.path)[1]).toMatchObject({
      step: 501,
      sessionLog: { status: 'START' },
    });
  });

  it('writes again what a full disk did not take', async () => {
    const writer = await EventFileWriter.open(folder);
    writer.scalars(1, { a: 1 });
    const write = await failingWrite();
    await expect(writer.flush()).rejects.toThrow('ENOSPC');
    write.mockRestore();
    writer.scalars(2, { a: 2 });
    await writer.close();
    expect(scalarsOf(writer.path)).toEqual([
      [1, 'a', 1],
      [2, 'a', 2],
    ]);
  });

  it('refuses what is no step, and to go on after the end', async () => {
    const writer = await EventFileWriter.open(folder);
    for (const step of [-1, 0.5, NaN, 2 ** 53]) {
      expect(() => writer.scalars(step, { a: 1 })).toThrow(/whole number from 0, got/);
      await expect(EventFileWriter.open(folder, { resumeAt: step })).rejects.toThrow(RangeError);
    }
    await writer.close();
    await writer.close();
    expect(() => writer.scalars(1, { a: 1 })).toThrow(/is closed/);
  });

  it('says when it cannot write there', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(EventFileWriter.open(join(folder, 'file'))).rejects.toThrow(/ENOTDIR/);
    await expect(EventFileWriter.open(join(folder, 'file', 'b'))).rejects.toThrow(/ENOTDIR/);
  });
});

/** Makes every write to a file write half, then fail. */
async function failingWrite() {
  const { open } = await import('node:fs/promises');
  const other = await open(join(folder, 'other'), 'w');
  const prototype = Object.getPrototypeOf(other) as typeof other;
  await other.close();
  const real = prototype.write as PositionedWrite;
  let calls = 0;
  const write = vi.spyOn(prototype, 'write') as unknown as Mock<PositionedWrite>;
  return write.mockImplementation(function (this: unknown, bytes, offset, length, position) {
    if (calls++ > 0) return Promise.reject(new Error('ENOSPC: no space left on device'));
    return real.call(this, bytes, offset, Math.ceil(length / 2), position);
  });
}

type PositionedWrite = (
  this: unknown,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number,
) => Promise<unknown>;
