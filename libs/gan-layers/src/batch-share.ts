/** The part that this process has of a batch which several processes share. */
export interface BatchShare {
  /** The samples before those of this process. */
  readonly start: number;
  /** The samples of this process. */
  readonly count: number;
  /** The samples of all processes. */
  readonly total: number;
  /**
   * Adds up the values of all processes in place; it may block. Batch norm then takes its
   * statistics from the whole batch. Without it, each process takes those of its own part.
   */
  readonly sum?: (values: Float64Array) => void;
}

/** How many times as many samples as its own a batch norm takes its statistics from. */
export const partsOf = (share: BatchShare | undefined): number =>
  share?.sum ? share.total / share.count : 1;
