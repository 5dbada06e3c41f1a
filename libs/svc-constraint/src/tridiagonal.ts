/** A symmetric matrix A = Q T Q', T tridiagonal, with Q kept as the reflections that make it up. */
export interface Tridiagonal {
  readonly size: number;
  /** The diagonal of T. */
  readonly diagonal: Float64Array;
  /** `offDiagonal[i]` is T[i, i + 1]; the last entry is 0. */
  readonly offDiagonal: Float64Array;
  /** Row i holds, from column i + 1 on, the vector v of the reflection I - scale v v'. */
  readonly reflections: Float64Array;
  readonly scales: Float64Array;
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form.
 *
 * Each step takes row i (beyond the diagonal) to a multiple of the first unit vector by a
 * reflection, and the remaining block B to B - v w' - w v'. One sweep over the upper triangle,
 * along its rows, does that update and the product of B with the next v: the matrix is read once a
 * step, which is what bounds the speed.
 *
 * @param a - `[size, size]`, row by row; only its upper triangle is read. Overwritten.
 */
export function tridiagonalize(a: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const scales = new Float64Array(size);
  let [v, w] = [new Float64Array(size), new Float64Array(size)];
  let [nextV, product] = [new Float64Array(size), new Float64Array(size)];

  for (let i = 0; i < size; i++) {
    // Row i of the block still lacks the last update (v and w are zero in the first step).
    const row = i * size;
    for (let k = i; k < size; k++) a[row + k] -= v[i] * w[k] + w[i] * v[k];
    diagonal[i] = a[row + i];
    if (i + 1 === size) break;

    offDiagonal[i] = reflection(a.subarray(row + i + 1, row + size), scales, i);
    nextV.set(a.subarray(row + i + 1, row + size), i + 1);
    updateAndMultiply(a, size, i + 1, v, w, nextV, product);

    const scale = scales[i];
    let dot = 0;
    for (let k = i + 1; k < size; k++) dot += product[k] * nextV[k];
    const shift = (scale * scale * dot) / 2;
    for (let k = i + 1; k < size; k++) product[k] = scale * product[k] - shift * nextV[k];
    [v, nextV] = [nextV, v];
    [w, product] = [product, w];
  }
  return { size, diagonal, offDiagonal, reflections: a, scales };
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
 * B -= v w' + w v' on the upper triangle from `start` on, and product = B x, in one sweep of B's
 * rows.
 */
function updateAndMultiply(
  b: Float64Array,
  size: number,
  start: number,
  v: Float64Array,
  w: Float64Array,
  x: Float64Array,
  product: Float64Array,
): void {
  product.fill(0, start);
  for (let j = start; j < size; j++) {
    const row = j * size;
    const [vj, wj, xj] = [v[j], w[j], x[j]];
    let sum = 0;
    const corner = (b[row + j] -= 2 * vj * wj);
    for (let k = j + 1; k < size; k++) {
      const value = b[row + k] - vj * w[k] - wj * v[k];
      b[row + k] = value;
      sum += value * x[k];
      product[k] += value * xj;
    }
    product[j] += sum + corner * xj;
  }
}

/**
 * Takes vectors of T's coordinates to A's: z -> Q z, in place.
 *
 * Four vectors go through together, so that four sums run side by side.
 *
 * @param z - `[count, size]`, one vector a row; count is a multiple of four.
 */
export function backTransform({ size, reflections, scales }: Tridiagonal, z: Float64Array): void {
  for (let z0 = 0; z0 < z.length; z0 += 4 * size) {
    const [z1, z2, z3] = [z0 + size, z0 + 2 * size, z0 + 3 * size];
    for (let i = size - 2; i >= 0; i--) {
      if (scales[i] === 0) continue;
      const v = i * size;
      let [dot0, dot1, dot2, dot3] = [0, 0, 0, 0];
      for (let k = i + 1; k < size; k++) {
        const vk = reflections[v + k];
        dot0 += vk * z[z0 + k];
        dot1 += vk * z[z1 + k];
        dot2 += vk * z[z2 + k];
        dot3 += vk * z[z3 + k];
      }
      dot0 *= scales[i];
      dot1 *= scales[i];
      dot2 *= scales[i];
      dot3 *= scales[i];
      for (let k = i + 1; k < size; k++) {
        const vk = reflections[v + k];
        z[z0 + k] -= dot0 * vk;
        z[z1 + k] -= dot1 * vk;
        z[z2 + k] -= dot2 * vk;
        z[z3 + k] -= dot3 * vk;
      }
    }
  }
}
