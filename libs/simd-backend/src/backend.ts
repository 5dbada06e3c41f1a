import { util, type TensorInfo } from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { Heap } from './heap.js';
import type { Pool } from './pool.js';
import type { KernelBuild } from './wasm.js';

type DataId = TensorInfo['dataId'];
type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];
type Memory = ReturnType<MathBackendCPU['memory']>;

/** What `tf.memory()` adds to its usual figures while `simd` is the backend. */
export interface SimdMemory extends Memory {
  /** Bytes of the shared memory that hold tensors and cached filter transforms now. */
  readonly heapBytesInUse: number;
  /** The most that was ever in use at once, working memory of kernels included. */
  readonly heapPeakBytes: number;
  /** Bytes taken so far, in use or kept for reuse. */
  readonly heapBytesReserved: number;
}

/** A form of a tensor that is worth keeping as long as the tensor lives, such as a transformed filter. */
interface Derived {
  readonly address: number;
}

/**
 * The `simd` backend: tensors of our kernels live in one shared WebAssembly memory, those of tfjs's cpu kernels in
 * JavaScript arrays. A cpu kernel reads the former through views; the latter are copied in when a kernel needs them.
 */
export class SimdBackend extends MathBackendCPU {
  readonly build: KernelBuild;
  readonly #memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #pool: Pool;
  readonly #places = new Map<DataId, number>();
  readonly #derived = new Map<DataId, Map<string, Derived>>();
  /** The tfjs kernel that runs now, named in error messages. */
  #running = 'tf.tensor';

  constructor(memory: WebAssembly.Memory, heap: Heap, pool: Pool, build: KernelBuild) {
    super();
    this.#memory = memory;
    this.#heap = heap;
    this.#pool = pool;
    this.build = build;
  }

  /** Threads that run kernels, the calling one included. */
  get threads(): number {
    return this.#pool.threads;
  }

  /** Whether the engine runs neighbouring vectors of four floats as one of eight. */
  get wide(): boolean {
    return this.build === 'wide-simd';
  }

  /** Runs `work` on behalf of the tfjs kernel `name`. */
  named<T>(name: string, work: () => T): T {
    const outer = this.#running;
    this.#running = name;
    try {
      return work();
    } finally {
      this.#running = outer;
    }
  }

  /** Runs a WebAssembly kernel over `tasks` tasks on all threads. */
  run(kernel: string, tasks: number, args: readonly number[]): void {
    this.#pool.run(kernel, tasks, args);
  }

  /** A new float32 tensor in the shared memory, not initialised. */
  output(shape: readonly number[]): TensorInfo {
    const size = util.sizeFromShape([...shape]);
    const address = this.#heap.allocate(size * 4, this.#running);
    const info = this.makeTensorInfo([...shape], 'float32', new Float32Array(0));
    this.#place(info.dataId, address, size);
    return info;
  }

  /** A new bool tensor in the shared memory, one byte an element, not initialised. */
  byteOutput(shape: readonly number[]): TensorInfo {
    const size = util.sizeFromShape([...shape]);
    const address = this.#heap.allocate(size, this.#running);
    const info = this.makeTensorInfo([...shape], 'bool', new Uint8Array(0));
    this.#placeBytes(info.dataId, address, size);
    return info;
  }

  /** The address of a bool tensor's bytes; copies them into the shared memory if they are elsewhere. */
  bytes(tensor: TensorInfo): number {
    const place = this.#places.get(tensor.dataId);
    if (place !== undefined) return place;
    const values = this.data.get(tensor.dataId).values as Uint8Array;
    const address = this.#heap.allocate(values.length, this.#running);
    this.#placeBytes(tensor.dataId, address, values.length).set(values);
    return address;
  }

  /** The same values under another shape: a new reference, not a copy. */
  alias(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] };
  }

  /** The address of a float32 tensor's values; copies them into the shared memory if they are elsewhere. */
  address(tensor: TensorInfo): number {
    const place = this.#places.get(tensor.dataId);
    if (place !== undefined) return place;
    const values = this.data.get(tensor.dataId).values as Float32Array;
    const address = this.#heap.allocate(values.length * 4, this.#running);
    this.#place(tensor.dataId, address, values.length).set(values);
    return address;
  }

  /** The values of a float32 tensor in the shared memory. A view: valid until the tensor is disposed. */
  values(tensor: TensorInfo): Float32Array {
    this.address(tensor);
    return this.data.get(tensor.dataId).values as Float32Array;
  }

  /** Floats at an address. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, address, length);
  }

  /** 32-bit integers at an address. */
  words(address: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, address, length);
  }

  /** Lends `use` blocks of working memory of the given sizes in bytes. */
  scratch<T>(sizes: readonly number[], use: (...addresses: number[]) => T): T {
    const blocks: number[] = [];
    try {
      for (const size of sizes) blocks.push(this.#heap.allocate(size, this.#running));
      return use(...blocks);
    } finally {
      for (const block of blocks) this.#heap.free(block);
    }
  }

  /**
   * The address of a form derived from a tensor: made by `fill` the first time, then kept until the tensor's values
   * are disposed of. New values, as `variable.assign` brings them, are another tensor to this cache.
   */
  derived(tensor: TensorInfo, key: string, bytes: number, fill: (address: number) => void): number {
    let forms = this.#derived.get(tensor.dataId);
    if (!forms) this.#derived.set(tensor.dataId, (forms = new Map()));
    let form = forms.get(key);
    if (!form) {
      form = { address: this.#heap.allocate(bytes, this.#running) };
      forms.set(key, form);
      fill(form.address);
    }
    return form.address;
  }

  override write(values: Values, shape: number[], dtype: 'float32'): DataId {
    return super.write(this.#owned(values), shape, dtype);
  }

  override move(
    dataId: DataId,
    values: Values,
    shape: number[],
    dtype: 'float32',
    refCount: number,
  ): void {
    super.move(dataId, this.#owned(values), shape, dtype, refCount);
  }

  override readSync(dataId: DataId): Values {
    const values = super.readSync(dataId) as Values;
    // A copy, because the memory behind a view is reused when the tensor goes.
    return this.#places.has(dataId) ? (values as Float32Array).slice() : values;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    const gone = super.disposeData(dataId, force);
    if (gone) this.#forget(dataId);
    return gone;
  }

  override memory(): SimdMemory {
    return {
      unreliable: false,
      heapBytesInUse: this.#heap.bytesInUse,
      heapPeakBytes: this.#heap.peakBytes,
      heapBytesReserved: this.#heap.bytesReserved,
    } as SimdMemory;
  }

  override dispose(): void {
    this.#pool.stop();
    super.dispose();
  }

  #place(dataId: DataId, address: number, length: number): Float32Array {
    const values = this.floats(address, length);
    this.data.get(dataId).values = values;
    this.#places.set(dataId, address);
    return values;
  }

  #placeBytes(dataId: DataId, address: number, length: number): Uint8Array {
    const values = new Uint8Array(this.#memory.buffer, address, length);
    this.data.get(dataId).values = values;
    this.#places.set(dataId, address);
    return values;
  }

  #forget(dataId: DataId): void {
    const place = this.#places.get(dataId);
    if (place !== undefined) this.#heap.free(place);
    this.#places.delete(dataId);
    for (const { address } of this.#derived.get(dataId)?.values() ?? []) this.#heap.free(address);
    this.#derived.delete(dataId);
  }

  /** A cpu kernel may return a view of its input, as slice does: give it values of its own. */
  #owned(values: Values): Values {
    const shared = this.#memory.buffer.constructor;
    if (!ArrayBuffer.isView(values) || values.buffer.constructor !== shared) return values;
    return (values as Float32Array).slice();
  }
}
