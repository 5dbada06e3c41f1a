import { PAGE_BYTES } from './layout.js';

/** The shared memory holds no room for a tensor and may not grow to make some. */
export class HeapLimitError extends RangeError {
  override name = 'HeapLimitError';
}

const MEGABYTE = 2 ** 20;
const ALIGNMENT = 128;
const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** Free memory between two blocks. */
interface Span {
  readonly address: number;
  readonly size: number;
}

/**
 * An allocator over a `WebAssembly.Memory`: the smallest free span that holds a block gives it, and
 * what is given back joins its free neighbors at once. So a training step, which asks for the same
 * sizes in the same order again and again, soon needs no new memory.
 */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  readonly #limit: number;
  /** Free spans by size, then by address; no two touch, and none touches the top. */
  readonly #free: Span[] = [];
  readonly #freeByStart = new Map<number, Span>();
  readonly #freeByEnd = new Map<number, Span>();
  /** Sizes of the blocks by their addresses. */
  readonly #blocks = new Map<number, number>();
  /** Where the memory begins that no block uses. */
  #top: number;
  #highestTop: number;
  #inUse = 0;
  #peak = 0;

  /**
   * @param base - the address, in bytes, where the blocks begin.
   * @param limit - the address that the memory may not grow past.
   */
  constructor(memory: WebAssembly.Memory, base: number, limit: number) {
    this.#memory = memory;
    this.#base = base;
    this.#limit = limit;
    this.#top = base;
    this.#highestTop = base;
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
    return this.#highestTop - this.#base;
  }

  /**
   * The address of a block of at least `bytes`, aligned to 128 bytes; its contents are whatever was
   * there.
   *
   * @param purpose - what asks, for the error message.
   * @throws HeapLimitError when the limit leaves no room.
   * @throws RangeError when `bytes` is no count of bytes.
   */
  allocate(bytes: number, purpose: string): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new RangeError(`simd backend: ${purpose} asked for ${bytes} bytes`);
    }
    const size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
    const address = this.#take(size) ?? this.#extend(size);
    if (address === undefined) {
      throw new HeapLimitError(
        `simd backend: no room for ${megabytes(bytes)} asked for by ${purpose}: ` +
          `${megabytes(this.#inUse)} in use of at most ${megabytes(this.#limit - this.#base)} ` +
          `(maxMemory ${megabytes(this.#limit)}, of which ${megabytes(this.#base)} for the threads). ` +
          'Dispose of tensors, use a smaller batch, or raise maxMemory (up to 4 GiB).',
      );
    }
    this.#blocks.set(address, size);
    this.#inUse += size;
    this.#peak = Math.max(this.#peak, this.#inUse);
    return address;
  }

  /** Gives a block back. */
  free(address: number): void {
    const size = this.#blocks.get(address);
    if (size === undefined) throw new Error(`simd backend: no block at ${address}`);
    this.#blocks.delete(address);
    this.#inUse -= size;
    const before = this.#freeByEnd.get(address);
    const after = this.#freeByStart.get(address + size);
    if (before) this.#remove(before);
    if (after) this.#remove(after);
    const start = before?.address ?? address;
    const end = address + size + (after?.size ?? 0);
    if (end === this.#top) this.#top = start;
    else this.#insert({ address: start, size: end - start });
  }

  #take(size: number): number | undefined {
    const span = this.#free[this.#position({ address: 0, size })];
    if (!span) return undefined;
    this.#remove(span);
    const { address } = span;
    if (span.size > size) this.#insert({ address: address + size, size: span.size - size });
    return address;
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
    this.#highestTop = Math.max(this.#highestTop, end);
    return address;
  }

  #insert(span: Span): void {
    this.#free.splice(this.#position(span), 0, span);
    this.#freeByStart.set(span.address, span);
    this.#freeByEnd.set(span.address + span.size, span);
  }

  #remove(span: Span): void {
    this.#free.splice(this.#position(span), 1);
    this.#freeByStart.delete(span.address);
    this.#freeByEnd.delete(span.address + span.size);
  }

  /** Where a span stands among the free ones, or would. */
  #position({ address, size }: Span): number {
    let [low, high] = [0, this.#free.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const span = this.#free[middle];
      if (span.size < size || (span.size === size && span.address < address)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
