import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Heap, HeapLimitError } from './heap.js';

const MEGABYTE = 2 ** 20;
const BASE = 2 * MEGABYTE;
const heapOf = (bytes: number) => {
  const memory = new WebAssembly.Memory({ initial: BASE / 65536, maximum: 1024, shared: true });
  return new Heap(memory, BASE, BASE + bytes);
};

describe('Heap', () => {
  it('never hands out overlapping blocks, and gives back what was freed', () => {
    const steps = fc.array(
      fc.record({ size: fc.integer({ min: 0, max: 300_000 }), free: fc.nat(20) }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const heap = heapOf(8 * MEGABYTE);
        const live: { at: number; size: number }[] = [];
        for (const { size, free } of sequence) {
          try {
            const at = heap.allocate(size, 'test');
            expect(at % 128).toBe(0);
            for (const other of live) {
              expect(at >= other.at + other.size || other.at >= at + size).toBe(true);
            }
            live.push({ at, size });
          } catch (error) {
            expect(error).toBeInstanceOf(HeapLimitError);
          }
          if (free < live.length) heap.free(live.splice(free, 1)[0].at);
        }
        for (const { at } of live) heap.free(at);
        expect(heap.bytesInUse).toBe(0);
        // All of it is one piece again.
        heap.free(heap.allocate(7 * MEGABYTE, 'test'));
      }),
    );
  });

  it('does not grow when the same sizes come again', () => {
    const heap = heapOf(32 * MEGABYTE);
    const step = () => [5000, 70_000, 70_000, 1_000_000].map((n) => heap.allocate(n, 'step'));
    step().forEach((at) => heap.free(at));
    const reserved = heap.bytesReserved;
    for (let i = 0; i < 50; i++) step().forEach((at) => heap.free(at));
    expect(heap.bytesReserved).toBe(reserved);
  });

  it('says what asked for too much, and how much there is', () => {
    const heap = heapOf(4 * MEGABYTE);
    heap.allocate(3 * MEGABYTE, 'tf.tensor');
    expect(() => heap.allocate(2 * MEGABYTE, 'Conv3D')).toThrow(
      /no room for 2.0 MB asked for by Conv3D: 3.0 MB in use .* Dispose of tensors/,
    );
    // What lies below the heap is no room for tensors.
    expect(() => heap.allocate(2 * MEGABYTE, 'Conv3D')).toThrow(
      /3\.0 MB in use of at most 4\.0 MB \(maxMemory 6\.0 MB, of which 2\.0 MB for the threads\)/,
    );
  });

  it('refuses sizes that are not counts of bytes', () => {
    const heap = heapOf(MEGABYTE);
    for (const size of [NaN, -4, 1.5, Infinity, undefined as unknown as number]) {
      expect(() => heap.allocate(size, 'Concat')).toThrow(`Concat asked for ${size} bytes`);
    }
    expect(heap.bytesInUse).toBe(0);
  });

  it('refuses to free what it did not allocate, or twice', () => {
    const heap = heapOf(MEGABYTE);
    const at = heap.allocate(100, 'test');
    heap.free(at);
    expect(() => heap.free(at)).toThrow(/no block/);
  });
});
