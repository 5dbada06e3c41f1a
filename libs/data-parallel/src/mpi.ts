import type { LibraryHandle } from 'koffi';
import type { Handle } from './abi/abi.js';
import { MpiError } from './errors.js';
import type { MpiLibrary } from './library.js';

/** Memory that does not move, so that MPI can use it while JavaScript runs. */
export const shared = (bytes: number) => new SharedArrayBuffer(Math.max(8, bytes));

/** An operation that MPI is doing. It holds its buffers, so that they are not freed before. */
export interface Request {
  readonly handle: ArrayBufferView;
  readonly buffers: readonly ArrayBufferView[];
  done: boolean;
}

type CFunction = ReturnType<LibraryHandle['func']>;
type Floats = Float32Array | Float64Array;

/**
 * The functions of MPI that data-parallel training needs. One thread may call them. All buffers are
 * views of shared memory.
 */
export class Mpi {
  readonly #abi: MpiLibrary['abi'];
  readonly #library: MpiLibrary['library'];
  readonly #functions = new Map<string, CFunction>();
  readonly #flag = new Int32Array(shared(4));
  readonly #status = new Uint8Array(shared(64));

  constructor({ library, abi }: MpiLibrary) {
    this.#library = library;
    this.#abi = abi;
  }

  /** Every process of the job. */
  get world(): Handle {
    return this.#abi.world;
  }

  /** Joins the job, with this thread as the only one that calls MPI. */
  init(): void {
    const { funneled } = this.#abi;
    const provided = new Int32Array(shared(4));
    this.#call('MPI_Init_thread', 'void*, void*, int, void*', null, null, funneled, provided);
    if (provided[0] < funneled) {
      throw new MpiError('this build of MPI knows no threads; install one that does');
    }
  }

  rank(comm: Handle): number {
    return this.#number('MPI_Comm_rank', comm);
  }

  size(comm: Handle): number {
    return this.#number('MPI_Comm_size', comm);
  }

  /** The same processes with messages of their own. */
  duplicate(comm: Handle): Handle {
    const handle = this.#handleArray();
    this.#call('MPI_Comm_dup', 'HANDLE, void*', comm, handle);
    return handle[0];
  }

  /** The name and version of the library, on one line. */
  version(): string {
    const [text, length] = [new Uint8Array(shared(8192)), new Int32Array(shared(4))];
    this.#call('MPI_Get_library_version', 'void*, void*', text, length);
    const all = Buffer.from(text.slice(0, length[0])).toString('latin1').replaceAll('\0', '');
    const [line] = all.split('\n');
    return line
      .replace(/,.*/, '')
      .replace(/ Version:\s*/, ' ')
      .trim();
  }

  /** Adds up `values` of all ranks into `sums`, in whatever order MPI chooses. */
  startAllReduce(comm: Handle, values: Floats, sums: Floats): Request {
    const { float, double, sum } = this.#abi;
    const type = values instanceof Float32Array ? float : double;
    const types = 'void*, void*, int, HANDLE, HANDLE, HANDLE, void*';
    return this.#start([values, sums], (request) =>
      this.#call('MPI_Iallreduce', types, values, sums, values.length, type, sum, comm, request),
    );
  }

  /** Sends the i-th part of `from` to rank i, and puts what rank i sends into the i-th of `to`. */
  startAllToAll(comm: Handle, from: Uint8Array, to: Uint8Array, bytes: number): Request {
    return this.#startExchange('MPI_Ialltoall', comm, from, to, bytes);
  }

  /** Puts `from` of rank i into the i-th part of `to`. */
  startAllGather(comm: Handle, from: Uint8Array, to: Uint8Array): Request {
    return this.#startExchange('MPI_Iallgather', comm, from, to, from.length);
  }

  startBroadcast(comm: Handle, buffer: Uint8Array, root: number): Request {
    const types = 'void*, int, HANDLE, int, HANDLE, void*';
    const { byte } = this.#abi;
    return this.#start([buffer], (request) =>
      this.#call('MPI_Ibcast', types, buffer, buffer.length, byte, root, comm, request),
    );
  }

  startSend(comm: Handle, buffer: Uint8Array, to: number): Request {
    return this.#startMessage('MPI_Isend', comm, buffer, to);
  }

  startReceive(comm: Handle, buffer: Uint8Array, from: number): Request {
    return this.#startMessage('MPI_Irecv', comm, buffer, from);
  }

  /** Whether an operation is done. This also moves all operations on. */
  isDone(request: Request): boolean {
    if (request.done) return true;
    this.#call('MPI_Test', 'void*, void*, void*', request.handle, this.#flag, this.#status);
    request.done = this.#flag[0] !== 0;
    return request.done;
  }

  finalize(): void {
    this.#call('MPI_Finalize', '');
  }

  /** Ends all processes of the job. It may block where the network is gone, so it has a thread. */
  abort(exitCode: number): void {
    this.#function('MPI_Abort', 'HANDLE, int').async(this.world, exitCode, () => {});
  }

  #startExchange(
    name: string,
    comm: Handle,
    from: Uint8Array,
    to: Uint8Array,
    bytes: number,
  ): Request {
    const types = 'void*, int, HANDLE, void*, int, HANDLE, HANDLE, void*';
    const { byte } = this.#abi;
    return this.#start([from, to], (request) =>
      this.#call(name, types, from, bytes, byte, to, bytes, byte, comm, request),
    );
  }

  #startMessage(name: string, comm: Handle, buffer: Uint8Array, peer: number): Request {
    const types = 'void*, int, HANDLE, int, int, HANDLE, void*';
    const { byte } = this.#abi;
    const tag = 0;
    return this.#start([buffer], (request) =>
      this.#call(name, types, buffer, buffer.length, byte, peer, tag, comm, request),
    );
  }

  #start(buffers: readonly ArrayBufferView[], start: (handle: ArrayBufferView) => void): Request {
    const handle = this.#handleArray();
    start(handle);
    return { handle, buffers, done: false };
  }

  #number(name: string, comm: Handle): number {
    const result = new Int32Array(shared(4));
    this.#call(name, 'HANDLE, void*', comm, result);
    return result[0];
  }

  #handleArray(): Int32Array | BigInt64Array {
    return this.#abi.handle === 'int' ? new Int32Array(shared(4)) : new BigInt64Array(shared(8));
  }

  #call(name: string, types: string, ...args: unknown[]): void {
    const code = this.#function(name, types)(...args) as number;
    if (code !== 0) throw new MpiError(`${name} failed with code ${code}`);
  }

  #function(name: string, types: string): CFunction {
    let found = this.#functions.get(name);
    if (!found) {
      const signature = types.replaceAll('HANDLE', this.#abi.handle);
      found = this.#library.func(`int ${name}(${signature})`);
      this.#functions.set(name, found);
    }
    return found;
  }
}
