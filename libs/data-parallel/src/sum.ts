import type { Handle } from './abi/abi.js';
import { shared, type Mpi, type Request } from './mpi.js';
import { paddedLength, type SumTask } from './tasks.js';

/** Work that goes on whenever it is asked to: it yields where it would wait. */
export type Work = Generator<void, void, void>;

type Floats = Float32Array | Float64Array;

/** Waits for an operation of MPI. */
export function* finished(mpi: Mpi, request: Request): Work {
  while (!mpi.isDone(request)) yield;
}

/** Up to so many bytes of all ranks, one exchange is quicker than two. */
const smallBytes = 65_536;

/**
 * Sums whose terms are added in the order of the ranks, so that the same ranks get the same bits.
 * MPI leaves the order of its own sums to the implementation.
 *
 * Each rank gets one part of every rank's values, adds these up, and all get all parts: a
 * reduce-scatter and an all-gather, which send as much as a ring all-reduce. Small sums take one
 * exchange: all ranks get all values.
 *
 * Both exchanges have a communicator of their own. The operations of one must begin in the same
 * order on all ranks. The first exchanges begin in the order of the tasks; the second ones wait for
 * their turn.
 */
export class OrderedSums {
  readonly #mpi: Mpi;
  readonly #size: number;
  readonly #first: Handle;
  readonly #second: Handle;
  /** How many large sums have begun, and how many of these their second exchange. */
  #begun = 0;
  #gathered = 0;

  constructor(mpi: Mpi, size: number, first: Handle, second: Handle) {
    this.#mpi = mpi;
    this.#size = size;
    this.#first = first;
    this.#second = second;
  }

  /** Begins a sum at once. */
  start(task: SumTask): Work {
    const { values } = task;
    return values.byteLength * this.#size <= smallBytes ? this.#small(values) : this.#large(values);
  }

  #small(values: Floats): Work {
    const all = sameType(values, values.length * this.#size);
    const request = this.#mpi.startAllGather(this.#first, bytesOf(values), bytesOf(all));
    const mpi = this.#mpi;
    return (function* () {
      yield* finished(mpi, request);
      addParts(all, values);
    })();
  }

  #large(values: Floats): Work {
    const turn = this.#begun++;
    const padded = paddedLength(values.length, this.#size);
    const whole = viewOf(values, padded);
    const received = sameType(values, padded);
    const part = sameType(values, padded / this.#size);
    const [mpi, first, second] = [this.#mpi, this.#first, this.#second];
    const bytes = part.byteLength;
    const request = mpi.startAllToAll(first, bytesOf(whole), bytesOf(received), bytes);
    const isItsTurn = () => this.#gathered === turn;
    const gather = () => {
      this.#gathered++;
      return mpi.startAllGather(second, bytesOf(part), bytesOf(whole));
    };
    return (function* () {
      yield* finished(mpi, request);
      addParts(received, part);
      while (!isItsTurn()) yield;
      yield* finished(mpi, gather());
    })();
  }
}

/** Adds up the parts of an array, the first to the last, each as long as the sum. */
export function addParts(parts: Floats, sum: Floats): void {
  const { length } = sum;
  sum.set(parts.subarray(0, length));
  for (let from = length; from < parts.length; from += length) {
    for (let i = 0; i < length; i++) sum[i] += parts[from + i];
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Floats) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function sameType(values: Floats, length: number): Floats {
  const buffer = shared(length * values.BYTES_PER_ELEMENT);
  return values instanceof Float32Array
    ? new Float32Array(buffer, 0, length)
    : new Float64Array(buffer, 0, length);
}

/** The same memory with another length. */
function viewOf(values: Floats, length: number): Floats {
  return values instanceof Float32Array
    ? new Float32Array(values.buffer, 0, length)
    : new Float64Array(values.buffer, 0, length);
}
