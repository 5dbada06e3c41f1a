import * as tf from '@tensorflow/tfjs';

/**
 * Runs `work` and throws when it left tensors behind (or disposed of some that it did not make).
 *
 * @param kept - how many new tensors the caller receives and owns.
 * @returns what `work` returned.
 */
export async function expectNoLeaks<T>(work: () => T | Promise<T>, kept = 0): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await work();
  const left = tf.memory().numTensors - before - kept;
  if (left !== 0) throw new Error(`${left} tensors more than before (beside ${kept} returned)`);
  return result;
}
