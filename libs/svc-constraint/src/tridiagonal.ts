import { workspaceOf, type Workspace } from './householder.js';

/** A symmetric matrix A = Q T Q', T tridiagonal, with Q kept as the reflections that make it up. */
export interface Tridiagonal {
  readonly size: number;
  /** The diagonal of T. */
  readonly diagonal: Float64Array;
  /** `offDiagonal[i]` is T[i, i + 1]; the last entry is 0. */
  readonly offDiagonal: Float64Array;
  /** Row i of its matrix holds, from column i + 1 on, v of the reflection I - scale v v'. */
  readonly reduced: Workspace;
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form.
 *
 * Each step takes row i (beyond the diagonal) to a multiple of the first unit vector by a
 * reflection, and the remaining block B to B - v w' - w v'. One sweep over the upper triangle does
 * that update and the product of B with the next v, because reading the matrix is what takes time.
 *
 * @param matrix - `[size, size]`, row by row; only its upper triangle is read.
 */
export function tridiagonalize(
  matrix: ArrayLike<number>,
  size: number,
  workspace = workspaceOf(size),
): Tridiagonal {
  const { matrix: a, vectors, scales } = workspace;
  a.set(matrix);
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  let [v, w, nextV, nextW] = [0, 1, 2, 3];

  for (let i = 0; i < size; i++) {
    const row = a.subarray(i * size, (i + 1) * size);
    // This row still lacks the last update (v and w are zero in the first step).
    const [vs, ws] = [vectors[v], vectors[w]];
    for (let k = i; k < size; k++) row[k] -= vs[i] * ws[k] + ws[i] * vs[k];
    diagonal[i] = row[i];
    if (i + 1 === size) break;

    offDiagonal[i] = reflection(row.subarray(i + 1), scales, i);
    const [x, product] = [vectors[nextV], vectors[nextW]];
    x.set(row.subarray(i + 1), i + 1);
    workspace.sweep(i + 1, v, w, nextV, nextW);

    const scale = scales[i];
    let dot = 0;
    for (let k = i + 1; k < size; k++) dot += product[k] * x[k];
    const shift = (scale * scale * dot) / 2;
    for (let k = i + 1; k < size; k++) product[k] = scale * product[k] - shift * x[k];
    [v, nextV] = [nextV, v];
    [w, nextW] = [nextW, w];
  }
  return { size, diagonal, offDiagonal, reduced: workspace };
}

/**
 * Turns x into v with (I - scale v v') x = (alpha, 0, ..., 0), v[0] = 1; returns alpha.
 * A vector that has nothing to remove keeps scale 0.
 */
function reflection(x: Float64Array, scales: Float64Array, i: number): number {
  let largest = 0;
  for (let k = 1; k < x.length; k++) largest = Math.max(largest, Math.abs(x[k]));
  if (largest === 0) return x[0];
  largest = Math.max(largest, Math.abs(x[0]));
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] / largest) ** 2;
  const alpha = (x[0] > 0 ? -largest : largest) * Math.sqrt(sum);
  const head = x[0] - alpha;
  for (let k = 1; k < x.length; k++) x[k] /= head;
  x[0] = 1;
  scales[i] = -head / alpha;
  return alpha;
}

/**
 * Takes vectors of T's coordinates to A's: z -> Q z, in place.
 *
 * @param z - `[count, size]`, one vector a row; count is a multiple of four.
 */
export function backTransform({ size, reduced }: Tridiagonal, z: Float64Array): void {
  for (let first = 0; first < z.length; first += 4 * size) {
    const four = [0, 1, 2, 3].map((i) => z.subarray(first + i * size, first + (i + 1) * size));
    four.forEach((vector, i) => reduced.vectors[i].set(vector));
    reduced.reflect();
    four.forEach((vector, i) => vector.set(reduced.vectors[i]));
  }
}
