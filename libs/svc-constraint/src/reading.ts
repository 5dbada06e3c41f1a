import * as tf from '@tensorflow/tfjs';

/**
 * A computation that pauses when it needs numbers from the device. It yields tensors and continues
 * with their values. The same code runs asynchronously, or blocks on the device.
 */
export type Reading<T> = Generator<readonly tf.Tensor[], T, readonly Float32Array[]>;

/**
 * Runs readings side by side. One await reads what all of them wait for.
 *
 * When one throws, the others are closed, the results so far are disposed, and `run` throws the
 * error.
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
    // The first resume starts them, so that an error in a first step is handled like any other.
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
