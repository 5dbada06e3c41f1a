/** A sum over all ranks that is under way. */
export interface PendingSum {
  /** Blocks until the sum is in the array that was passed. */
  wait(): void;
}

/** What a rank has communicated so far. */
export interface Traffic {
  /** Bytes that it sent, by the algorithm's count. */
  readonly bytes: number;
  /** Seconds that its computation waited. */
  readonly seconds: number;
}

/**
 * The processes that train together, as one of them sees them. All ranks call the same methods in
 * the same order. `@tgan/data-parallel` implements it on MPI.
 *
 * Every method blocks, apart from {@link allReduce}.
 */
export interface Communicator {
  /** The number of this process, from 0. Rank 0 alone writes and prints. */
  readonly rank: number;
  /** The number of processes. */
  readonly size: number;
  /** What this rank has communicated so far. */
  readonly traffic: Traffic;
  /**
   * Whether terms are added in the order of the ranks, so that as many ranks get the same bits.
   * Otherwise the implementation chooses the order.
   */
  deterministic: boolean;
  /**
   * Begins to add up the arrays of all ranks, element by element. The array is left alone until
   * `wait`, which puts the sum into it. All ranks get the same bits.
   */
  allReduce(values: Float32Array | Float64Array): PendingSum;
  /** Gives all ranks a value that one of them has; that of the others is ignored. */
  broadcast<T>(value: T, root?: number): T;
  /** Gives all ranks the values of all, in the order of the ranks. */
  allGather<T>(value: T): T[];
}
