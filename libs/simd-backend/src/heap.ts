import { HEAP_BASE, PAGE_BYTES } from './layout.js';

/** The shared memory holds no room for a tensor and may not grow to make some. */
export class HeapLimitError extends RangeError {
  override name = 'HeapLimitError';
}

const MEGABYTE = 2 ** 20;
/** Blocks of this size rather come out of merged neighbours than out of new memory. */
const LARGE = 8 * MEGABYTE;
const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/**
 * An allocator over a `WebAssembly.Memory`: free lists by size class, eight classes to a power of two.
 *
 * A training step asks for the same sizes again and again, so after the first step nearly every block comes from a
 * free list. Free neighbours are merged to make room for large blocks, and for any once the memory may not grow.
 */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #limit: number;
  readonly #free = new Map<number, number[]>();
  readonly #sizes = new Map<number, number>();
  #top = HEAP_BASE;
  #inUse = 0;
  #peak = 0;

  /** @param limit - the address, in bytes, that the memory may not grow past. */
  constructor(memory: WebAssembly.Memory, limit: number) {
    this.#memory = memory;
    this.#limit = limit;
  }

  /** Bytes of the blocks that are allocated now. */
  get bytesInUse(): number {
    return this.#inUse;
  }

  /** The most bytes that were ever allocated at once. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** Bytes taken from the memory so far, in use or free for reuse. */
  get bytesReserved(): number {
    return this.#top - HEAP_BASE;
  }

  /**
   * The address of a block of at least `bytes`, aligned to 128 bytes; its contents are whatever was there.
   *
   * @param purpose - what asks, for the error message.
   * @throws HeapLimitError when the limit leaves no room.
   */
  allocate(bytes: number, purpose: string): number {
    const size = sizeClass(bytes);
    const address =
      this.#take(size) ??
      (size >= LARGE ? this.#carve(size) : undefined) ??
      this.#extend(size) ??
      this.#carve(size) ??
      this.#extend(size);
    if (address === undefined) {
      throw new HeapLimitError(
        `simd backend: no room for ${megabytes(bytes)} asked for by ${purpose}: ` +
          `${megabytes(this.#inUse)} in use of at most ${megabytes(this.#limit)}. ` +
          'Dispose of tensors, use a smaller batch, or raise maxMemory (up to 4 GiB).',
      );
    }
    this.#sizes.set(address, size);
    this.#inUse += size;
    this.#peak = Math.max(this.#peak, this.#inUse);
    return address;
  }

  /** Gives a block back. */
  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new Error(`simd backend: no block at ${address}`);
    this.#sizes.delete(address);
    this.#inUse -= size;
    this.#release(address, size);
  }

  #take(size: number): number | undefined {
    return this.#free.get(size)?.pop();
  }

  #extend(size: number): number | undefined {
    const end = this.#top + size;
    if (end > this.#limit) return undefined;
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      // In larger bites than asked for: each growth makes a new buffer object.
      const bite = Math.min(Math.max(missing, 16 * MEGABYTE), this.#limit - end + missing);
      try {
        this.#memory.grow(Math.ceil(bite / PAGE_BYTES));
      } catch {
        return undefined;
      }
    }
    const address = this.#top;
    this.#top = end;
    return address;
  }

  /** Joins free neighbours, then cuts the block from the smallest span that holds it. */
  #carve(size: number): number | undefined {
    const spans: { address: number; size: number }[] = [];
    const blocks = [...this.#free].flatMap(([size, list]) => list.map((at) => [at, size] as const));
    for (const [address, size] of blocks.sort((a, b) => a[0] - b[0])) {
      const last = spans.at(-1);
      if (last && last.address + last.size === address) last.size += size;
      else spans.push({ address, size });
    }
    this.#free.clear();
    // What lies at the end goes back to the part that was never used.
    const last = spans.at(-1);
    if (last && last.address + last.size === this.#top) {
      this.#top = last.address;
      spans.pop();
    }
    const fitting = spans.filter((span) => span.size >= size).sort((a, b) => a.size - b.size)[0];
    for (const span of spans) {
      if (span !== fitting) this.#release(span.address, span.size);
      else if (span.size > size) this.#release(span.address + size, span.size - size);
    }
    return fitting?.address;
  }

  #release(address: number, size: number): void {
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
  }
}

/** Rounds up to a multiple of an eighth of the power of two below, and of 128 bytes: at most 1/8 is wasted. */
function sizeClass(bytes: number): number {
  let step = 128;
  while (step * 16 < bytes) step *= 2;
  return Math.max(1, Math.ceil(bytes / step)) * step;
}
