import { spectrumOf } from './eigenvalues.js';
import { leadingEigenvectors } from './eigenvectors.js';
import { tridiagonalize } from './tridiagonal.js';

/** The leading eigenpairs of a symmetric matrix, the largest eigenvalue first. */
export interface SymmetricEigenpairs {
  /** Those eigenvalues that are greater than the bound. */
  readonly values: Float64Array;
  /** `[values.length, size]`, row by row: one unit eigenvector a row. */
  readonly vectors: Float64Array;
}

/**
 * All eigenvalues of a symmetric matrix in float64, the largest first.
 *
 * @param matrix - `[size, size]`, row by row. Only its upper triangle is read.
 * @throws Error when the matrix holds NaN, so that the iteration does not converge.
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { eigenvalues } = spectrumOf(tridiagonalize(matrix, size));
  return Float64Array.from(eigenvalues, ({ value }) => value);
}

/**
 * The eigenvalues of a symmetric matrix that exceed `relativeBound` times the largest one, with
 * unit eigenvectors, in float64. What is not asked for costs nothing: a matrix of low rank is
 * cheap.
 *
 * @param matrix - `[size, size]`, row by row. Only its upper triangle is read.
 * @throws Error when the matrix holds NaN, so that the iteration does not converge.
 */
export function symmetricEigenpairs(
  matrix: Float64Array,
  size: number,
  relativeBound: number,
): SymmetricEigenpairs {
  const tridiagonal = tridiagonalize(matrix, size);
  const spectrum = spectrumOf(tridiagonal);
  const bound = relativeBound * Math.max(0, spectrum.eigenvalues[0]?.value ?? 0);
  const leading = spectrum.eigenvalues.filter(({ value }) => value > bound);
  return {
    values: Float64Array.from(leading, ({ value }) => value),
    vectors: leadingEigenvectors(tridiagonal, spectrum, leading.length),
  };
}
