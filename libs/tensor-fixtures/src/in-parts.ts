/** Adds up the values of all parts in place. */
export type SumParts = (values: Float64Array) => void;

/**
 * Runs the work of several processes that add up arrays, without any process: all parts run one
 * after the other, again and again. Each time they know one more sum, until all sums are known.
 *
 * @param work - must do the same each time. Before the last time it gets wrong sums.
 * @returns what the parts returned the last time.
 */
export function inParts<T>(parts: number, work: (part: number, sum: SumParts) => T): T[] {
  const known: Float64Array[] = [];
  for (;;) {
    let next: Float64Array | undefined;
    const results = Array.from({ length: parts }, (_, part) => {
      let calls = 0;
      return work(part, (values) => {
        const call = calls++;
        if (call < known.length) values.set(known[call]);
        else if (call === known.length)
          next = next?.map((sum, i) => sum + values[i]) ?? values.slice();
      });
    });
    if (!next) return results;
    known.push(next);
  }
}
