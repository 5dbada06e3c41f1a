import { util, type TensorInfo } from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { Fallbacks, type Fallback } from './fallbacks.js';
import type { Heap } from './heap.js';
import type { KernelArguments, KernelName } from './kernel-bindings.js';
import type { Pool } from './pool.js';
import type { KernelBuild } from './wasm.js';

type DataId = TensorInfo['dataId'];
type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];
/** The dtypes that live in the shared memory. */
type Held = 'float32' | 'int32' | 'bool';
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

/** What runs, for messages, while no kernel does. */
const OUTSIDE = 'tf.tensor';

const arrayOf = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/**
 * The `simd` backend: tensors of our kernels live in one shared WebAssembly memory, those of tfjs's
 * cpu kernels in JavaScript arrays. A cpu kernel reads the former through views; the latter are
 * copied in when a kernel needs them.
 *
 * A storage keeps the type it was written with. tfjs's cpu kernels let a tensor of one dtype share
 * the storage of another, a float32 tensor that of int32, for example. Our kernels ask {@link
 * SimdBackend.holds} and leave such tensors to the cpu kernels, so no number is read as what it is
 * not, and no integer loses digits.
 */
export class SimdBackend extends MathBackendCPU {
  readonly build: KernelBuild;
  readonly #memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #pool: Pool;
  readonly #onDispose: () => void;
  readonly #places = new Map<DataId, number>();
  /**
   * Addresses of forms that are worth keeping as long as a tensor lives, such as transformed
   * filters.
   */
  readonly #derived = new Map<DataId, Map<string, number>>();
  readonly #fallbacks = new Fallbacks();
  /** The tfjs kernel that runs now, named in error messages. */
  #running = OUTSIDE;
  /** The tensors that the running kernel made. */
  readonly #made: DataId[] = [];

  /** @param onDispose - called after tfjs disposed of the backend. */
  constructor(
    memory: WebAssembly.Memory,
    heap: Heap,
    pool: Pool,
    build: KernelBuild,
    onDispose: () => void,
  ) {
    super();
    this.#onDispose = onDispose;
    this.#memory = memory;
    this.#heap = heap;
    this.#pool = pool;
    this.build = build;
  }

  /** Threads that run kernels, the calling one included. */
  get threads(): number {
    return this.#pool.threads;
  }

  /** Whether the engine runs neighboring vectors of four floats as one of eight. */
  get wide(): boolean {
    return this.build === 'wide-simd';
  }

  /**
   * Runs `work` on behalf of the tfjs kernel `name`. If it throws, the tensors that it made are
   * disposed of.
   */
  named<T>(name: string, work: () => T): T {
    const outer = this.#running;
    const before = this.#made.length;
    this.#running = name;
    try {
      return work();
    } catch (error) {
      for (const dataId of this.#made.slice(before)) {
        if (this.data.has(dataId)) this.disposeData(dataId, true);
      }
      throw error;
    } finally {
      this.#running = outer;
      this.#made.length = before;
    }
  }

  /** Runs a kernel of tfjs's cpu backend, and counts it among the {@link fallbacks}. */
  onCpu<T>(name: string, work: () => T): T {
    return this.#fallbacks.run(name, work);
  }

  /**
   * The kernels that ran on tfjs's cpu backend, because there is no fast one or because it does not
   * take these tensors: which, how often and for how long. Those that took longest come first.
   */
  fallbacks(): Fallback[] {
    return this.#fallbacks.list();
  }

  /** Begins to count fallbacks anew. */
  clearFallbacks(): void {
    this.#fallbacks.clear();
  }

  /** Runs a WebAssembly kernel over `tasks` tasks on all threads. */
  run<K extends KernelName>(kernel: K, tasks: number, args: KernelArguments[K]): void {
    this.#pool.run(kernel, tasks, args);
  }

  /**
   * Whether a tensor is of this dtype and its storage holds values of this type, and not of another
   * that it shares.
   */
  holds(tensor: TensorInfo, dtype: Held): boolean {
    return tensor.dtype === dtype && this.data.get(tensor.dataId).values instanceof arrayOf[dtype];
  }

  /**
   * A new tensor in the shared memory, not initialized: one byte an element for bool, four for the
   * others.
   */
  output(shape: readonly number[], dtype: Held = 'float32'): TensorInfo {
    const size = util.sizeFromShape([...shape]);
    const address = this.#heap.allocate(size * arrayOf[dtype].BYTES_PER_ELEMENT, this.#running);
    const values = new arrayOf[dtype](this.#memory.buffer, address, size);
    const dataId = this.#remember(super.write(values, [...shape], dtype as 'float32'));
    this.#places.set(dataId, address);
    return { dataId, shape: [...shape], dtype };
  }

  /** The same values under another shape: a new reference, not a copy. */
  alias(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
    this.incRef(tensor.dataId);
    return { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] };
  }

  /**
   * The address of a tensor's values; copies them into the shared memory if they are elsewhere.
   *
   * @throws Error when the storage holds values of another type, see {@link SimdBackend.holds}.
   */
  address(tensor: TensorInfo, dtype: Held = 'float32'): number {
    if (!this.holds(tensor, dtype)) {
      const { values } = this.data.get(tensor.dataId);
      throw new Error(
        `simd backend: ${this.#running} takes ${dtype} tensors and was given ${tensor.dtype} ` +
          `(${values?.constructor.name}); cast it first`,
      );
    }
    const place = this.#places.get(tensor.dataId);
    if (place !== undefined) return place;
    const values = this.data.get(tensor.dataId).values as Float32Array | Int32Array | Uint8Array;
    const address = this.#heap.allocate(values.byteLength, this.#running);
    const copy = new arrayOf[dtype](this.#memory.buffer, address, values.length);
    copy.set(values);
    this.data.get(tensor.dataId).values = copy;
    this.#places.set(tensor.dataId, address);
    return address;
  }

  /**
   * The values of a float32 tensor in the shared memory. A view: valid until the tensor is
   * disposed.
   */
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
   * The address of a form derived from a tensor of this shape: made by `fill` the first time, then
   * kept until the tensor's values are disposed of. New values, as `variable.assign` brings them,
   * are another tensor to this cache.
   */
  derived(
    tensor: TensorInfo,
    form: string,
    bytes: number,
    fill: (address: number) => void,
  ): number {
    // Tensors of several shapes may share one storage.
    const key = `${form} of ${tensor.shape}`;
    const forms = this.#derived.get(tensor.dataId) ?? new Map<string, number>();
    const known = forms.get(key);
    if (known !== undefined) return known;
    const address = this.#heap.allocate(bytes, this.#running);
    try {
      fill(address);
    } catch (error) {
      this.#heap.free(address);
      throw error;
    }
    this.#derived.set(tensor.dataId, forms.set(key, address));
    return address;
  }

  override write(values: Values, shape: number[], dtype: 'float32'): DataId {
    return this.#remember(super.write(this.#owned(values), shape, dtype));
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
    super.dispose();
    // tfjs calls this in `removeBackend`, and then forgets how to create the backend; in `reset` it
    // does not.
    queueMicrotask(this.#onDispose);
  }

  /** Notes a new tensor as one of the running kernel. */
  #remember(dataId: DataId): DataId {
    if (this.#running !== OUTSIDE) this.#made.push(dataId);
    return dataId;
  }

  #forget(dataId: DataId): void {
    const place = this.#places.get(dataId);
    if (place !== undefined) this.#heap.free(place);
    this.#places.delete(dataId);
    for (const address of this.#derived.get(dataId)?.values() ?? []) this.#heap.free(address);
    this.#derived.delete(dataId);
  }

  /** A cpu kernel may return a view of its input, as slice does: give it values of its own. */
  #owned(values: Values): Values {
    const shared = this.#memory.buffer.constructor;
    if (!ArrayBuffer.isView(values) || values.buffer.constructor !== shared) return values;
    return (values as Float32Array).slice();
  }
}
