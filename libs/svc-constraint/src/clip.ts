import * as tf from '@tensorflow/tfjs';
import { checkBound, refuseUnknown } from './check-options.js';
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

/** How one kernel is clipped. */
interface Clipping {
  readonly layout: KernelLayout;
  readonly name: string;
  readonly bound: number;
  readonly measure: boolean;
}

/** Clips one kernel, which stays as it is. The caller keeps it. */
export function* clippedKernel(
  kernel: tf.Tensor,
  { layout, name, bound, measure }: Clipping,
): Reading<ClippedKernel> {
  // In units of the bound, so that 1 is where the clipping begins.
  const blocks = tf.tidy(() => {
    const matrices = toBlocks(kernel, layout, name);
    return bound === 1 ? matrices : (matrices.div(bound) as tf.Tensor3D);
  });
  try {
    const { blocks: clipped, ...found } = yield* clipBlocks(blocks, name, measure);
    const result =
      clipped &&
      tf.tidy(() => {
        const shaped = fromBlocks(clipped, kernel.shape, layout);
        return bound === 1 ? shaped : shaped.mul(bound);
      });
    clipped?.dispose();
    return {
      kernel: result,
      before: found.before * bound,
      spectrum: found.spectrum.map((value) => value * bound),
      after: found.after === undefined ? undefined : found.after * bound,
    };
  } finally {
    blocks.dispose();
  }
}

/** Options of {@link clipKernel} and {@link singularValueClip}. */
export interface ClipKernelOptions {
  /** The largest singular value that stays. Default 1. */
  readonly bound?: number;
  /** What errors call the kernel. */
  readonly name?: string;
}

/**
 * Clips the singular values of a matrix to at most 1, or another bound: W = U S V' becomes U min(S,
 * 1) V' (paper, section 4.2).
 *
 * The matrix closest to W, in the Frobenius norm, among those that stretch no vector. The result's
 * largest singular value is at most 1 + 1e-5; what lies below 1 is kept to float32's precision,
 * which is relative to the largest singular value: a few 1e-7 of it.
 *
 * @param matrix - `[outputs, rest]` or its transpose, of any size: the work grows with the square
 * of the shorter side times the longer on the device, and with the cube of the shorter on
 * the host. It stays as it is.
 * @returns a new tensor of the same shape. The caller disposes it.
 * @throws NonFiniteWeightError when it holds NaN or infinity, TypeError when it is no float32
 * matrix, RangeError when the bound is not positive.
 *
 * @example
 * ```ts
 * const clipped = await singularValueClip(tf.tensor2d([[3, 0], [0, 0.5]])); // [[1, 0], [0, 0.5]]
 * ```
 */
export async function singularValueClip(
  matrix: tf.Tensor2D,
  options: ClipKernelOptions = {},
): Promise<tf.Tensor2D> {
  const [clipped] = await run([clippedMatrix(matrix, options)]);
  return (clipped.kernel ?? matrix.clone()) as tf.Tensor2D;
}

/**
 * {@link singularValueClip}, blocking: for backends that have `dataSync`, which is all but WebGPU.
 */
export function singularValueClipSync(
  matrix: tf.Tensor2D,
  options: ClipKernelOptions = {},
): tf.Tensor2D {
  const [clipped] = runSync([clippedMatrix(matrix, options)]);
  return (clipped.kernel ?? matrix.clone()) as tf.Tensor2D;
}

/** @throws TypeError when it is no matrix: a tensor of more axes has no singular values. */
function clippedMatrix(matrix: tf.Tensor, options: ClipKernelOptions): Reading<ClippedKernel> {
  const { name = 'matrix' } = options;
  if (matrix.rank !== 2) {
    throw new TypeError(
      `${name}: expected a float32 matrix, got ${matrix.dtype} [${matrix.shape.join(', ')}]; ` +
        'clipKernel takes kernels of more axes',
    );
  }
  return clippingOf('singularValueClip', matrix, 'convolution', { name, ...options });
}

function clippingOf(
  owner: string,
  kernel: tf.Tensor,
  layout: KernelLayout,
  options: ClipKernelOptions,
): Reading<ClippedKernel> {
  refuseUnknown(owner, options, ['bound', 'name']);
  const { bound = 1, name = 'kernel' } = options;
  checkBound(owner, bound);
  return clippedKernel(kernel, { layout, name, bound, measure: false });
}

/**
 * Clips the singular values of a layer's kernel, seen as a matrix of outputs x rest.
 *
 * @param kernel - of any rank from 2 up, float32. It stays as it is.
 * @param layout - the order of its axes: see {@link KernelLayout}.
 * @returns a new tensor of the same shape. The caller disposes it.
 * @throws NonFiniteWeightError when it holds NaN or infinity, TypeError when it is no float32
 * kernel, RangeError when the bound is not positive.
 */
export async function clipKernel(
  kernel: tf.Tensor,
  layout: KernelLayout,
  options: ClipKernelOptions = {},
): Promise<tf.Tensor> {
  const [clipped] = await run([clippingOf('clipKernel', kernel, layout, options)]);
  return clipped.kernel ?? kernel.clone();
}

/** {@link clipKernel}, blocking: for backends that have `dataSync`, which is all but WebGPU. */
export function clipKernelSync(
  kernel: tf.Tensor,
  layout: KernelLayout,
  options: ClipKernelOptions = {},
): tf.Tensor {
  const [clipped] = runSync([clippingOf('clipKernel', kernel, layout, options)]);
  return clipped.kernel ?? kernel.clone();
}
