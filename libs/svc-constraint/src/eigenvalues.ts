import type { Tridiagonal } from './tridiagonal.js';

/**
 * An eigenvalue, and the rows of T that its eigenvector lives in: T falls apart at zeros of its
 * off-diagonal.
 */
export interface Eigenvalue {
  readonly value: number;
  /** First row of the block. */
  readonly start: number;
  /** One past its last row. */
  readonly end: number;
}

/** Every eigenvalue, the largest first, and a bound of their absolute values. */
export interface Spectrum {
  readonly eigenvalues: readonly Eigenvalue[];
  readonly norm: number;
}

/**
 * What counts as zero beside the norm of T: a little above the rounding of float64, far below that
 * of float32.
 */
const NEGLIGIBLE = 1e-15;

/** All eigenvalues of T by implicit QL, without vectors: O(size^2). */
export function spectrumOf({
  size,
  diagonal,
  offDiagonal,
}: Pick<Tridiagonal, 'size' | 'diagonal' | 'offDiagonal'>): Spectrum {
  let norm = 0;
  for (let i = 0; i < size; i++) {
    const beside = Math.abs(offDiagonal[i]) + (i > 0 ? Math.abs(offDiagonal[i - 1]) : 0);
    norm = Math.max(norm, Math.abs(diagonal[i]) + beside);
  }
  const eigenvalues: Eigenvalue[] = [];
  for (let start = 0, end = 1; start < size; start = end, end = start + 1) {
    while (end < size && Math.abs(offDiagonal[end - 1]) > NEGLIGIBLE * norm) end++;
    const off = offDiagonal.slice(start, end);
    off[off.length - 1] = 0;
    const values = implicitQl(diagonal.slice(start, end), off, NEGLIGIBLE * norm);
    for (const value of values) eigenvalues.push({ value, start, end });
  }
  eigenvalues.sort((a, b) => b.value - a.value);
  return { eigenvalues, norm };
}

/**
 * Implicit QL with Wilkinson's shift: each sweep of plane rotations, upward from a zero of the
 * off-diagonal, shrinks the topmost coupling cubically. Overwrites both arrays and returns the
 * diagonal, which ends as the eigenvalues.
 */
function implicitQl(d: Float64Array, e: Float64Array, negligible: number): Float64Array {
  // About 1.7 sweeps an eigenvalue are usual; the bound only guards against a hang.
  let sweeps = 50 * d.length;
  for (let top = 0; top < d.length; top++) {
    for (;;) {
      let bottom = top;
      while (Math.abs(e[bottom]) > negligible) bottom++;
      if (bottom === top) break;
      if (sweeps-- === 0) throw new Error('the eigenvalues of a Gram matrix did not converge');

      // The eigenvalue of the upper-left 2 x 2 block that is closer to its corner.
      const half = (d[top + 1] - d[top]) / (2 * e[top]);
      const root = Math.sqrt(half * half + 1);
      let bulge = d[bottom] - d[top] + e[top] / (half + (half < 0 ? -root : root));
      let [cos, sin, carried] = [1, 1, 0];
      let i = bottom - 1;
      for (; i >= top; i--) {
        const [f, b] = [sin * e[i], cos * e[i]];
        const length = Math.sqrt(f * f + bulge * bulge);
        e[i + 1] = length;
        if (length === 0) break;
        sin = f / length;
        cos = bulge / length;
        const g = d[i + 1] - carried;
        const turn = (d[i] - g) * sin + 2 * cos * b;
        carried = sin * turn;
        d[i + 1] = g + carried;
        bulge = cos * turn - b;
      }
      if (i >= top) {
        // The matrix fell apart on the way.
        d[i + 1] -= carried;
      } else {
        d[top] -= carried;
        e[top] = bulge;
      }
      e[bottom] = 0;
    }
  }
  return d;
}
