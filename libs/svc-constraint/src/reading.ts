import * as tf from '@tensorflow/tfjs';

/**
 * A computation that pauses wherever it needs numbers from the device: it yields tensors and goes
 * on with their values. Written once, it runs both ways, awaiting the device or blocking on it.
 */
export type Reading<T> = Generator<readonly tf.Tensor[], T, readonly Float32Array[]>;

/**
 * Runs readings side by side: what all of them wait for is read in one await.
 *
 * When one throws, the others are closed, the results so far are disposed of, and the error goes
 * on.
 */
export async function run<T>(readings: readonly Reading<T>[]): Promise<T[]> {
  const all = new Rounds(readings);
  try {
    while (all.waiting.length > 0) {
      all.resume(
        await Promise.all(all.waiting.map(({ tensors }) => Promise.all(tensors.map(data)))),
      );
    }
  } catch (error) {
    all.abandon();
    throw error;
  }
  return all.results;
}

/** {@link run} with `dataSync`, for backends that allow it (all but WebGPU). */
export function runSync<T>(readings: readonly Reading<T>[]): T[] {
  const all = new Rounds(readings);
  try {
    while (all.waiting.length > 0) {
      all.resume(
        all.waiting.map(({ tensors }) => tensors.map((t) => t.dataSync() as Float32Array)),
      );
    }
  } catch (error) {
    all.abandon();
    throw error;
  }
  return all.results;
}

const data = (tensor: tf.Tensor) => tensor.data() as Promise<Float32Array>;

/** Readings that advance in step. */
class Rounds<T> {
  readonly results: T[] = [];
  waiting: { readonly index: number; readonly tensors: readonly tf.Tensor[] }[] = [];
  readonly #readings: readonly Reading<T>[];

  constructor(readings: readonly Reading<T>[]) {
    this.#readings = readings;
    // Started by the first resume, so that an error in a first step is handled like any other.
    this.waiting = readings.map((_, index) => ({ index, tensors: [] }));
  }

  resume(values: readonly (readonly Float32Array[])[]): void {
    const resumed = this.waiting;
    this.waiting = [];
    resumed.forEach(({ index }, i) => {
      const step = this.#readings[index].next(values[i]);
      if (step.done) this.results[index] = step.value;
      else this.waiting.push({ index, tensors: step.value });
    });
  }

  abandon(): void {
    for (const reading of this.#readings) reading.return(undefined as never);
    tf.dispose(this.results as tf.TensorContainer);
  }
}
