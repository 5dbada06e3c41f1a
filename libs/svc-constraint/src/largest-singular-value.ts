import * as tf from '@tensorflow/tfjs';
import { spectrumOf } from './eigenvalues.js';
import { NonFiniteWeightError } from './errors.js';
import type { LinearMap } from './linear-map.js';
import type { Reading } from './reading.js';

/**
 * The residual, relative to the eigenvalue and the tolerance, at which the iteration stops. It
 * could stop at a smaller singular value only if the random start held at most this share of the
 * largest one's vector, which is as unlikely.
 */
const SETTLED = 1e-3;

/** The probability that a random start misses the tolerance. */
const UNLUCKY = 1e-3;

/**
 * The largest singular value of a linear map A, by Golub-Kahan-Lanczos bidiagonalization.
 *
 * It improves on power iteration with A'A by using all vectors so far instead of the last one. It
 * gives the best estimate for a number of products with A and A', so it needs a fraction of the
 * steps. Convolutions need that, because their largest singular values lie close together. Two
 * numbers a step leave the device.
 *
 * It stops when the residual is small, or after the steps that bring a random start within
 * `tolerance`, relatively, in all but a thousandth of cases (Kuczynski and Wozniakowski 1992,
 * theorem 4.2). The estimate exceeds the largest singular value by rounding only. The start is the
 * same pseudo-random vector each time, so the same map gives the same bits.
 *
 * @param name - the weight that the map is made of, for errors.
 * @throws NonFiniteWeightError when that weight holds NaN or infinity. RangeError when the
 * tolerance is not from 1e-6 up and below 1.
 */
export function* largestSingularValue(
  { shape, apply, adjoint }: LinearMap,
  name: string,
  tolerance: number,
): Reading<number> {
  if (!(tolerance >= 1e-6 && tolerance < 1)) {
    throw new RangeError(`a norm's tolerance must be at least 1e-6 and below 1, got ${tolerance}`);
  }
  // The latest of two orthonormal sequences in which A is bidiagonal: alpha on its diagonal, beta
  // beside it.
  let v = tf.tidy(() => normalize(tf.randomNormal(shape, 0, 1, 'float32', 1))[0]);
  const steps = enoughSteps(v.size, tolerance);
  let u = tf.tidy(() => apply(v).mul(0));
  let beta: tf.Tensor = tf.scalar(0);
  // A'A in the basis of all v. It is tridiagonal.
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let former: number[] = [];
  let lastBeta = 0;
  try {
    for (let step = 1; ; step++) {
      const [nextU, nextV, alpha, nextBeta] = tf.tidy(() => {
        const [nextU, alpha] = normalize(apply(v).sub(u.mul(beta)));
        const [nextV, nextBeta] = normalize(adjoint(nextU).sub(v.mul(alpha)));
        return [nextU, nextV, alpha, nextBeta];
      });
      tf.dispose([u, v, beta]);
      [u, v, beta] = [nextU, nextV, nextBeta];
      const [a, b] = yield* read(alpha, beta);
      if (!Number.isFinite(a + b)) throw new NonFiniteWeightError(name);

      diagonal.push(a * a + lastBeta * lastBeta);
      const values = eigenvalues(diagonal, offDiagonal);
      const residual = a * b * lastEntry(values, former);
      if (residual <= SETTLED * tolerance * values[0] || step >= steps) {
        return Math.sqrt(Math.max(0, values[0]));
      }
      [former, lastBeta] = [values, b];
      offDiagonal.push(a * b);
    }
  } finally {
    tf.dispose([u, v, beta]);
  }
}

/**
 * Steps after which the square of the estimate is within 2 tolerance of the largest eigenvalue of
 * A'A. `size` is the dimension of the space.
 */
const enoughSteps = (size: number, tolerance: number): number =>
  0.5 + Math.log((1.65 * Math.sqrt(size)) / UNLUCKY) / (2 * Math.sqrt(2 * tolerance));

/** A tensor of length 1, and the length that it had. */
function normalize(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const length = tf.sqrt(tf.sum(tf.square(x)));
  return [x.div(tf.maximum(length, 1e-30)), length];
}

/** Reads two scalars and disposes the first. */
function* read(alpha: tf.Tensor, beta: tf.Tensor): Reading<[number, number]> {
  try {
    const [[a], [b]] = yield [alpha, beta];
    return [a, b];
  } finally {
    alpha.dispose();
  }
}

/** The eigenvalues of a symmetric tridiagonal matrix, the largest first. */
function eigenvalues(diagonal: readonly number[], offDiagonal: readonly number[]): number[] {
  const spectrum = spectrumOf({
    size: diagonal.length,
    diagonal: Float64Array.from(diagonal),
    offDiagonal: Float64Array.from([...offDiagonal, 0]),
  });
  return spectrum.eigenvalues.map(({ value }) => value);
}

/**
 * The last entry of the unit eigenvector of the largest eigenvalue of a symmetric tridiagonal
 * matrix.
 *
 * Its square is the product of (l - m) over that of (l - k), with k the matrix's other eigenvalues
 * and m those of the matrix without its last row and column, between which they lie.
 */
function lastEntry([largest, ...others]: readonly number[], without: readonly number[]): number {
  const square = others.reduce((product, other, i) => {
    const gap = largest - other;
    return gap > 0 ? product * Math.min(1, Math.max(0, largest - without[i]) / gap) : product;
  }, 1);
  return Math.sqrt(square);
}
