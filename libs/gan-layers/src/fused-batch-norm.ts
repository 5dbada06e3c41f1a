// Batch norm in one pass over memory, with the activation that follows, and both its derivatives.
// The kernels are those of @tgan/simd-backend; other backends may have them too.
import * as tf from '@tensorflow/tfjs';
import { refuseSecondDerivative, type SharedStatistics } from './shared-statistics.js';

interface Attributes extends Partial<SharedStatistics> {
  readonly epsilon: number;
  /** Of the activation that follows: 0 is ReLU, 1 is none. */
  readonly leakyReluAlpha: number;
}

/** Whether the backend has the kernels. */
export const hasFusedBatchNorm = (): boolean =>
  tf.getKernel('BatchNormTraining', tf.getBackend()) !== undefined;

/**
 * Normalizes x [..., channels] with its own statistics.
 *
 * @returns y of the shape of x; mean and biased variance [channels], which carry no gradient.
 */
export function fusedBatchNorm(
  x: tf.Tensor,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  attributes: Attributes,
): tf.Tensor[] {
  // The kernel calls `sum` between its two passes. tfjs's type of attributes has no functions.
  const given = { ...attributes } as unknown as tf.NamedAttrMap;
  return tf.engine().runKernel('BatchNormTraining', { x, gamma, beta }, given);
}

tf.registerGradient({
  kernelName: 'BatchNormTraining',
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [true, true, true],
  gradFunc: (upstream, [x, gamma, y, mean, variance], attributes) => {
    const [dy] = upstream as tf.Tensor[];
    const inputs = { x, y, dy, gamma, mean, variance };
    const gradients = tf.engine().runKernel('BatchNormTrainingGrad', inputs, attributes);
    const [dx, dGamma, dBeta] = gradients as tf.Tensor[];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});

/**
 * The gradient of the gradient, for penalties on gradients. It is made of operations that every
 * backend has.
 *
 * Per channel, with n rows and xHat = (x - mean) r, where r = (variance + epsilon)^(-1/2), let
 * P(v) = v - mean(v) - xHat mean(v xHat). The kernel computes dx = gamma r P(g),
 * dGamma = sum(g xHat) and dBeta = sum(g), where g is dy through the activation. P is symmetric,
 * so the derivatives of a sum(dx u) + sum(dGamma v) + sum(dBeta w) are those below.
 */
tf.registerGradient({
  kernelName: 'BatchNormTrainingGrad',
  inputsToSave: ['x', 'y', 'dy', 'gamma', 'mean', 'variance'],
  gradFunc: (upstream, saved, attributes) => {
    const { epsilon, leakyReluAlpha: alpha, sum } = attributes as unknown as Attributes;
    if (sum) refuseSecondDerivative();
    const [x, y, dy, gamma, mean, variance] = saved;
    const rows = (tensor: tf.Tensor) => tensor.reshape([-1, gamma.size]);
    const [u, v, w] = upstream as tf.Tensor[];
    const n = x.size / gamma.size;
    // The activation's own gradient: a step function of y, flat on both sides.
    const throughActivation = (tensor: tf.Tensor) =>
      alpha === 1
        ? tensor
        : tensor.mul(
            rows(y)
              .greater(0)
              .toFloat()
              .mul(1 - alpha)
              .add(alpha),
          );
    const r = variance.add(epsilon).rsqrt();
    const xHat = rows(x).sub(mean).mul(r);
    const project = (t: tf.Tensor) => t.sub(t.mean(0)).sub(xHat.mul(t.mul(xHat).mean(0)));
    const [g, du] = [throughActivation(rows(dy)), rows(u)];
    const projected = project(g);
    // sum(u P(g)), which gamma and r multiply.
    const product = du.mul(projected).sum(0);
    const throughXHat = g.mul(v).sub(
      du
        .mul(g.mul(xHat).mean(0))
        .add(g.mul(du.mul(xHat).mean(0)))
        .mul(gamma.mul(r)),
    );
    const throughR = xHat.mul(product.mul(gamma).mul(r.square()).div(n));
    return {
      x: () => project(throughXHat).mul(r).sub(throughR).reshape(x.shape),
      dy: () =>
        throughActivation(project(du).mul(gamma.mul(r)).add(xHat.mul(v)).add(w)).reshape(x.shape),
      gamma: () => product.mul(r),
      // The statistics and the sign of y are functions of x, which has their share.
      y: () => tf.zerosLike(y),
      mean: () => tf.zerosLike(mean),
      variance: () => tf.zerosLike(variance),
    };
  },
});
