import * as tf from '@tensorflow/tfjs';
import type { Mode } from './video-model.js';

/** The labels do not match the model or the batch. The message says which, and how. */
export class LabelError extends Error {
  override readonly name = 'LabelError';
}

/**
 * The further inputs of a network for these labels: none for an unconditional network, otherwise
 * the one-hot labels [count, classes]. The caller disposes them.
 *
 * @param labels - int32 [count]. They are read, so they should come from the host.
 * @param count - how many there must be.
 * @param classes - the number of labels, 0 for an unconditional model.
 * @throws LabelError when labels are missing, out of range, of another count, or given to an
 * unconditional model.
 */
export function oneHotInputs(
  labels: tf.Tensor1D | undefined,
  count: number,
  classes: number,
): tf.Tensor2D[] {
  if (classes === 0) {
    if (!labels) return [];
    throw new LabelError('this model takes no labels: it was made with classes 0');
  }
  const range = `0 .. ${classes - 1}`;
  if (!labels) {
    throw new LabelError(`this model needs labels: pass ${count} whole numbers in ${range}`);
  }
  if (labels.dtype !== 'int32' || labels.rank !== 1) {
    throw new LabelError(
      `labels must be an int32 tensor [${count}], got ${labels.dtype} [${labels.shape}]`,
    );
  }
  if (labels.size !== count) {
    throw new LabelError(`there are ${labels.size} labels for ${count} videos`);
  }
  const rows = new Float32Array(count * classes);
  labels.dataSync().forEach((label, i) => {
    if (label < 0 || label >= classes) {
      throw new LabelError(`label ${i} is ${label}, but this model knows ${range}`);
    }
    rows[i * classes + label] = 1;
  });
  return [tf.tensor2d(rows, [count, classes])];
}

/**
 * The mode in which `count` videos have one label, or none when it is undefined. The caller
 * disposes the labels.
 */
export function oneLabel(label: number | undefined, count: number): Pick<Mode, 'labels'> {
  return label === undefined ? {} : { labels: tf.tensor1d(new Int32Array(count).fill(label)) };
}
