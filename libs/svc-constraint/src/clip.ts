import type * as tf from '@tensorflow/tfjs';
import { clipBlocks } from './clip-blocks.js';
import { fromBlocks, toBlocks, type KernelLayout } from './kernels.js';
import { run, runSync, type Reading } from './reading.js';

/** The result of clipping one kernel. */
export interface ClippedKernel {
  /** The clipped kernel, or null if no singular value exceeded 1. */
  readonly kernel: tf.Tensor | null;
  readonly before: number;
  readonly spectrum: Float64Array;
  readonly after: number | undefined;
}

/** Clips one kernel, which stays as it is. The caller keeps it. */
export function* clippedKernel(
  kernel: tf.Tensor,
  layout: KernelLayout,
  name: string,
  measure: boolean,
): Reading<ClippedKernel> {
  const blocks = toBlocks(kernel, layout, name);
  try {
    const { blocks: clipped, ...values } = yield* clipBlocks(blocks, name, measure);
    const result = clipped && fromBlocks(clipped, kernel.shape, layout);
    clipped?.dispose();
    return { kernel: result, ...values };
  } finally {
    blocks.dispose();
  }
}

/**
 * Clips the singular values of a matrix to at most 1: W = U S V' becomes U min(S, 1) V' (paper,
 * section 4.2).
 *
 * The matrix closest to W, in the Frobenius norm, among those that stretch no vector. The result's
 * largest singular value is at most 1 + 1e-5; what lies below 1 is kept to float32's precision,
 * which is relative to the largest singular value: a few 1e-7 of it.
 *
 * @param matrix - `[outputs, rest]` or its transpose, of any size: the work grows with the square
 * of the shorter side times the longer on the device, and with the cube of the shorter in
 * JavaScript. It stays as it is.
 * @param name - what errors call it.
 * @returns a new tensor of the same shape. The caller disposes it.
 * @throws NonFiniteWeightError when it holds NaN or infinity, TypeError when it is no float32
 * matrix.
 *
 * @example
 * ```ts
 * const clipped = await singularValueClip(tf.tensor2d([[3, 0], [0, 0.5]])); // [[1, 0], [0, 0.5]]
 * ```
 */
export function singularValueClip(matrix: tf.Tensor2D, name = 'matrix'): Promise<tf.Tensor2D> {
  return clipKernel(matrix, 'convolution', name) as Promise<tf.Tensor2D>;
}

/**
 * {@link singularValueClip}, blocking: for backends that have `dataSync`, which is all but WebGPU.
 */
export function singularValueClipSync(matrix: tf.Tensor2D, name = 'matrix'): tf.Tensor2D {
  return clipKernelSync(matrix, 'convolution', name) as tf.Tensor2D;
}

/**
 * Clips the singular values of a layer's kernel, seen as a matrix of outputs x rest.
 *
 * @param kernel - of any rank from 2 up, float32. It stays as it is.
 * @param layout - the order of its axes: see {@link KernelLayout}.
 * @param name - what errors call it.
 * @returns a new tensor of the same shape. The caller disposes it.
 * @throws NonFiniteWeightError when it holds NaN or infinity, TypeError when it is no float32
 * kernel.
 */
export async function clipKernel(
  kernel: tf.Tensor,
  layout: KernelLayout,
  name = 'kernel',
): Promise<tf.Tensor> {
  const [clipped] = await run([clippedKernel(kernel, layout, name, false)]);
  return clipped.kernel ?? kernel.clone();
}

/** {@link clipKernel}, blocking: for backends that have `dataSync`, which is all but WebGPU. */
export function clipKernelSync(
  kernel: tf.Tensor,
  layout: KernelLayout,
  name = 'kernel',
): tf.Tensor {
  const [clipped] = runSync([clippedKernel(kernel, layout, name, false)]);
  return clipped.kernel ?? kernel.clone();
}
