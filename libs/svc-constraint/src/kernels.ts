import * as tf from '@tensorflow/tfjs';

/**
 * The order of a kernel's axes. It decides which matrix the kernel is.
 *
 * - `convolution`: `[...window, in, out]`, tfjs's dense layers (no window) and convolutions in 1, 2
 *   or 3 dimensions. The matrix is out x (window in), the paper's and the original code's: a
 *   convolution is that matrix applied to each patch of the input.
 * - `transposed`: `[...window, out, in]`, tfjs's transposed convolutions. The matrix is out x
 *   (window in) again. (The original code clips no transposed convolution: its critic has none.)
 * - `depthwise`: `[...window, in, multiplier]`: a convolution of its own for each input channel.
 *   The matrix of the equivalent ordinary convolution is block diagonal with one window x
 *   multiplier block a channel, so each block is clipped.
 */
export type KernelLayout = 'convolution' | 'transposed' | 'depthwise';

/** Every layout there is. */
export const KERNEL_LAYOUTS: readonly KernelLayout[] = ['convolution', 'transposed', 'depthwise'];

/**
 * The kernel as `[block, rows, columns]`, the matrices whose singular values are clipped. Rows and
 * columns may be exchanged compared with the paper's out x rest; the singular values are the same.
 *
 * @throws TypeError when it is not a float32 kernel of at least two axes.
 */
export function toBlocks(kernel: tf.Tensor, layout: KernelLayout, name: string): tf.Tensor3D {
  const { rank, shape, dtype, size } = kernel;
  if (dtype !== 'float32' || rank < 2 || size === 0) {
    throw new TypeError(
      `${name}: expected a float32 kernel of 2 axes or more, none empty; got ${dtype} [${shape.join(', ')}]`,
    );
  }
  const last = shape[rank - 1];
  return tf.tidy(() => {
    switch (layout) {
      case 'convolution':
        return tf.reshape(kernel, [1, size / last, last]);
      case 'transposed':
        return tf.reshape(tf.transpose(kernel, lastTwoSwapped(rank)), [1, -1, shape[rank - 2]]);
      case 'depthwise':
        return tf.reshape(tf.transpose(kernel, channelFirst(rank)), [shape[rank - 2], -1, last]);
      default:
        throw new TypeError(
          `${name}: expected a layout of ${KERNEL_LAYOUTS.join(', ')}; got ${String(layout)}`,
        );
    }
  });
}

/** Back from {@link toBlocks} to a kernel of this shape. */
export function fromBlocks(
  blocks: tf.Tensor3D,
  shape: readonly number[],
  layout: KernelLayout,
): tf.Tensor {
  const rank = shape.length;
  return tf.tidy(() => {
    if (layout === 'convolution') return tf.reshape(blocks, [...shape]);
    const order = layout === 'transposed' ? lastTwoSwapped(rank) : channelFirst(rank);
    const transposed = tf.reshape(
      blocks,
      order.map((axis) => shape[axis]),
    );
    return tf.transpose(
      transposed,
      shape.map((_, axis) => order.indexOf(axis)),
    );
  });
}

/** `[...window, a, b]` to `[...window, b, a]`. */
function lastTwoSwapped(rank: number): number[] {
  return [...Array(rank - 2).keys(), rank - 1, rank - 2];
}

/** `[...window, in, multiplier]` to `[in, ...window, multiplier]`. */
function channelFirst(rank: number): number[] {
  return [rank - 2, ...Array(rank - 2).keys(), rank - 1];
}
