import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { enableConv3dTransposeGradient } from './deconvolution-3d.js';

/** Which transposed convolution {@link conv3dTransposeGradientError} differentiates. */
export interface TransposedConvolutionCase {
  /** Taps along each axis. Default 4. */
  readonly kernel?: number;
  /** Default 2. */
  readonly stride?: number;
  /** Default `same`. */
  readonly pad?: 'same' | 'valid';
  /** Length of each axis of the input. Default 2. */
  readonly size?: number;
  /** Channels of the input. Default 2. */
  readonly inputs?: number;
  /** Channels of the output. Default 1. */
  readonly outputs?: number;
}

/**
 * The difference between the gradient of `tf.conv3dTranspose` on the active backend and central
 * differences, relative to the largest derivative of each input. It is about 1e-6 if the kernels
 * are correct.
 *
 * A transposed convolution is linear in its input and in its filter, so the differences carry no
 * error but rounding; they need the forward kernel alone, while the gradient needs `Conv3D` and
 * `Conv3DBackpropFilterV2`. It never reads a tensor synchronously.
 */
export async function conv3dTransposeGradientError({
  kernel = 4,
  stride = 2,
  pad = 'same',
  size = 2,
  inputs = 2,
  outputs = 1,
}: TransposedConvolutionCase = {}): Promise<number> {
  enableConv3dTransposeGradient();
  const random = new Random(kernel, stride, size);
  const shapes = {
    x: [1, size, size, size, inputs],
    filter: [kernel, kernel, kernel, outputs, inputs],
  };
  const side = pad === 'same' ? size * stride : (size - 1) * stride + kernel;
  const out: [number, number, number, number, number] = [1, side, side, side, outputs];
  const values = (shape: number[]) => random.uniform(tf.util.sizeFromShape(shape), -1, 1);
  const at = { x: values(shapes.x), filter: values(shapes.filter) };
  // Unequal weights, so that errors of opposite sign do not cancel.
  const weights = values(out);

  const weighted = (x: tf.Tensor, filter: tf.Tensor) =>
    tf
      .conv3dTranspose(x as tf.Tensor5D, filter as tf.Tensor5D, out, stride, pad)
      .flatten()
      .dot(tf.tensor1d(weights)) as tf.Scalar;
  const evaluate = async (point: typeof at) => {
    const value = tf.tidy(() =>
      weighted(tf.tensor(point.x, shapes.x), tf.tensor(point.filter, shapes.filter)),
    );
    const [number] = await value.data();
    value.dispose();
    return number;
  };

  const [gradientOfX, gradientOfFilter] = tf.tidy(() =>
    tf.grads(weighted)([tf.tensor(at.x, shapes.x), tf.tensor(at.filter, shapes.filter)]),
  );
  const gradients = { x: await gradientOfX.data(), filter: await gradientOfFilter.data() };
  tf.dispose([gradientOfX, gradientOfFilter]);

  let worst = 0;
  for (const name of ['x', 'filter'] as const) {
    const numeric = new Float32Array(at[name].length);
    for (let i = 0; i < numeric.length; i++) {
      const moved = (step: number) => {
        const nudged = at[name].slice();
        nudged[i] += step;
        return evaluate({ ...at, [name]: nudged });
      };
      numeric[i] = (await moved(0.5)) - (await moved(-0.5)); // the points lie 1 apart
    }
    worst = Math.max(worst, relativeError(gradients[name], numeric));
  }
  return worst;
}

function relativeError(actual: ArrayLike<number>, expected: Float32Array): number {
  const gaps = expected.map((value, i) => Math.abs(value - actual[i]));
  const largest = (values: Float32Array) => values.reduce((most, v) => Math.max(most, v), 0);
  return largest(gaps) / largest(expected.map(Math.abs));
}
