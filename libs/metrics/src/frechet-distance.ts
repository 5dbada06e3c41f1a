import { symmetricEigenpairs, symmetricEigenvalues } from '@tgan/svc-constraint/eigen';
import { type BootstrapOptions, drawWeights, estimate, type Estimate } from './bootstrap.js';
import { MetricsError } from './errors.js';
import type { Gaussian, Moments } from './moments.js';
import { dotProducts, type Rows } from './rows.js';

/**
 * The squared Frechet distance of two normal distributions, in float64: `|m1 - m2|^2 + tr(S1) +
 * tr(S2) - 2 tr((S1^1/2 S2 S1^1/2)^1/2)`.
 *
 * On features of images that is the FID (Heusel et al. 2017), on features of clips the FVD
 * (Unterthiner et al. 2018). The last trace is the sum of the square roots of a symmetric matrix's
 * eigenvalues, so that covariances without full rank need no correction and no imaginary parts are
 * dropped.
 *
 * @throws MetricsError when the two have different numbers of features.
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  if (a.size !== b.size) {
    throw new MetricsError(`Frechet distance: ${a.size} features against ${b.size}`);
  }
  const { size } = a;
  let distance = -2 * traceOfRoot(a.covariance, b.covariance, size);
  for (let i = 0; i < size; i++) {
    distance += (a.mean[i] - b.mean[i]) ** 2;
    distance += a.covariance[i * (size + 1)] + b.covariance[i * (size + 1)];
  }
  // Rounding alone takes it below 0.
  return Math.max(0, distance);
}

/** The Frechet distance of two sets of clips, with a block bootstrap over both. */
export function estimateFrechetDistance(
  generated: Moments,
  reference: Moments,
  options: BootstrapOptions,
): Estimate {
  const draw = (moments: Moments) => moments.gaussian(drawWeights(moments.blocks, options.random));
  return estimate(
    frechetDistance(generated.gaussian(), reference.gaussian()),
    () => frechetDistance(draw(generated), draw(reference)),
    options,
    [0, Infinity],
  );
}

/**
 * tr((S1^1/2 S2 S1^1/2)^1/2).
 *
 * With S1 = U' D U, rows of U the eigenvectors of eigenvalues above rounding, S1^1/2 S2 S1^1/2 has
 * the eigenvalues of L S2 L', L = D^1/2 U, and zeros. Of few clips in many dimensions L has few
 * rows.
 */
function traceOfRoot(s1: Float64Array, s2: Float64Array, size: number): number {
  const bound = size * Number.EPSILON;
  const { values, vectors } = symmetricEigenpairs(Float64Array.from(s1), size, bound);
  const rank = values.length;
  for (let i = 0; i < rank; i++) {
    const root = Math.sqrt(values[i]);
    for (let k = i * size; k < (i + 1) * size; k++) vectors[k] *= root;
  }
  const l = { count: rank, size, data: vectors };
  const ls2 = { count: rank, size, data: productOf(l, { count: size, size, data: s2 }) };
  let trace = 0;
  for (const value of symmetricEigenvalues(productOf(l, ls2), rank)) {
    trace += Math.sqrt(Math.max(0, value));
  }
  return trace;
}

/** A B', row by row. */
function productOf(a: Rows, b: Rows): Float64Array {
  const product = new Float64Array(a.count * b.count);
  for (let i = 0; i < a.count; i++) {
    dotProducts(a, i, b, product.subarray(i * b.count, (i + 1) * b.count));
  }
  return product;
}
