import * as tf from '@tensorflow/tfjs';
import type { NamedKernel } from './walk.js';

/** A linear map of tensors. Its results are new tensors. */
export interface LinearMap {
  /** The shape of what it takes. */
  readonly shape: number[];
  apply(x: tf.Tensor): tf.Tensor;
  /** The adjoint, which the transposed matrix is: <apply(x), y> = <x, adjoint(y)>. */
  adjoint(y: tf.Tensor): tf.Tensor;
}

/** The matrices [block, rows, columns] as one block-diagonal matrix. */
export const matrixMap = (blocks: tf.Tensor3D): LinearMap => ({
  shape: [blocks.shape[0], blocks.shape[2], 1],
  apply: (x) => tf.matMul(blocks, x),
  adjoint: (y) => tf.matMul(blocks, y, true),
});

/** How a window moves over the input of a layer. The types of tfjs do not export it. */
interface Windowed {
  readonly strides: number[];
  readonly padding: 'valid' | 'same';
  readonly dilationRate?: number | readonly number[];
  readonly dataFormat?: string;
}

/**
 * A layer with a window, without its bias and activation, as a map of inputs of the size that they
 * have in its model, padded with zeros where the layer pads.
 *
 * A transposed convolution is the adjoint of a convolution. The map is that convolution, which has
 * the same norm.
 *
 * @throws Error when the layer's input has no fixed size or has its channels first, or when it is
 * dilated, for which tfjs has no adjoint.
 */
export function windowMap(kernel: NamedKernel): LinearMap {
  const { name, layer, weight, layout } = kernel;
  const windowed = layer as unknown as Windowed;
  const inputs = kernel.inputShape();
  const end = layout === 'transposed' ? (layer.computeOutputShape(inputs) as tf.Shape) : inputs;
  const { dataFormat, dilationRate = 1 } = windowed;
  const isDilated = [dilationRate].flat().some((rate) => rate !== 1);
  if (isDilated || dataFormat === 'channelsFirst' || end.slice(1).includes(null)) {
    throw new Error(
      `${name}: the norm of a convolution needs an input of fixed size, with the channels last, and no dilation`,
    );
  }
  const shape = [1, ...(end.slice(1) as number[])];
  const apply = (x: tf.Tensor) => convolve(x, weight.read(), windowed, layout === 'depthwise');
  return {
    shape,
    apply: (x) => tf.tidy(() => apply(x)),
    // The derivative of a linear map is the same everywhere.
    adjoint: (y) => tf.tidy(() => tf.grad(apply)(tf.zeros(shape), y)),
  };
}

function convolve(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding }: Windowed,
  depthwise: boolean,
): tf.Tensor {
  if (kernel.rank === 3) {
    return tf.conv1d(x as tf.Tensor3D, kernel as tf.Tensor3D, strides[0], padding);
  }
  if (kernel.rank === 5) {
    const steps = strides as [number, number, number];
    return tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, steps, padding);
  }
  const convolution = depthwise ? tf.depthwiseConv2d : tf.conv2d;
  const steps = strides as [number, number];
  return convolution(x as tf.Tensor4D, kernel as tf.Tensor4D, steps, padding);
}
