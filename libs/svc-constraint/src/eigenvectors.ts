import type { Spectrum } from './eigenvalues.js';
import { backTransform, type Tridiagonal } from './tridiagonal.js';

/**
 * Vectors of eigenvalues closer than this times the norm are made orthogonal to each other.
 * Beyond it, inverse iteration in float64 leaves them orthogonal to about 1e-10 by itself.
 */
const CLUSTER = 1e-5;

/**
 * The unit eigenvectors of the `count` largest eigenvalues, by inverse iteration: `[count, size]`,
 * one a row.
 *
 * It costs O(count size^2), so few eigenvectors are cheap.
 */
export function leadingEigenvectors(
  tridiagonal: Tridiagonal,
  { eigenvalues, norm }: Spectrum,
  count: number,
): Float64Array {
  const { size } = tridiagonal;
  const vectors = new Float64Array(4 * Math.ceil(count / 4) * size);
  const solver = new ShiftedSolver(tridiagonal, norm * Number.EPSILON);
  const random = generator();
  // The latest vector of each block, by the block's first row: its value and where its cluster
  // began.
  const latest = new Map<number, { value: number; cluster: number[] }>();

  for (let c = 0; c < count; c++) {
    const { value, start, end } = eigenvalues[c];
    const before = latest.get(start);
    const close = before !== undefined && before.value - value <= CLUSTER * norm;
    const cluster = close ? before.cluster : [];
    // Equal shifts would give equal vectors: keep them a few roundings apart.
    const shift = close ? Math.min(value, before.value - 2 * Number.EPSILON * norm) : value;
    const x = vectors.subarray(c * size + start, c * size + end);
    for (let k = 0; k < x.length; k++) x[k] = random();
    normalize(x);
    solver.factor(start, end, shift);
    for (let iteration = 0; iteration < 6; iteration++) {
      solver.solve(x);
      for (let i = 0; i < cluster.length; i += 4) {
        const others = cluster.slice(i, i + 4);
        removeComponents(
          x,
          others.map((other) => vectors.subarray(other * size + start, other * size + end)),
        );
      }
      // The growth tells the residual |T x - shift x|, which is its inverse.
      if (normalize(x) * norm > 1e10 && iteration > 0) break;
    }
    cluster.push(c);
    latest.set(start, { value: shift, cluster });
  }
  backTransform(tridiagonal, vectors);
  return vectors.subarray(0, count * size);
}

/** Solves (T - shift I) x = b for one block of T, by Gaussian elimination with row exchanges. */
class ShiftedSolver {
  readonly #tridiagonal: Tridiagonal;
  /**
   * Replaces a vanishing pivot: T - shift I is all but singular, which is what makes the iteration
   * converge.
   */
  readonly #tiny: number;
  // The triangular factor: its diagonal and the two diagonals above; then the elimination steps.
  readonly #u0: Float64Array;
  readonly #u1: Float64Array;
  readonly #u2: Float64Array;
  readonly #multiplier: Float64Array;
  readonly #exchanged: Uint8Array;

  constructor(tridiagonal: Tridiagonal, tiny: number) {
    const { size } = tridiagonal;
    this.#tridiagonal = tridiagonal;
    this.#tiny = tiny;
    this.#u0 = new Float64Array(size);
    this.#u1 = new Float64Array(size);
    this.#u2 = new Float64Array(size);
    this.#multiplier = new Float64Array(size);
    this.#exchanged = new Uint8Array(size);
  }

  factor(start: number, end: number, shift: number): void {
    const { diagonal, offDiagonal } = this.#tridiagonal;
    const last = end - start - 1;
    let pivot = diagonal[start] - shift;
    let beside = last > 0 ? offDiagonal[start] : 0;
    for (let i = 0; i < last; i++) {
      const below = offDiagonal[start + i];
      const next = diagonal[start + i + 1] - shift;
      const nextBeside = i + 1 < last ? offDiagonal[start + i + 1] : 0;
      const exchange = Math.abs(below) > Math.abs(pivot);
      this.#exchanged[i] = exchange ? 1 : 0;
      if (exchange) {
        const multiplier = pivot / below;
        this.#u0[i] = below;
        this.#u1[i] = next;
        this.#u2[i] = nextBeside;
        this.#multiplier[i] = multiplier;
        pivot = beside - multiplier * next;
        beside = -multiplier * nextBeside;
      } else {
        this.#u0[i] = this.#nonZero(pivot);
        this.#u1[i] = beside;
        this.#u2[i] = 0;
        const multiplier = below / this.#u0[i];
        this.#multiplier[i] = multiplier;
        pivot = next - multiplier * beside;
        beside = nextBeside;
      }
    }
    this.#u0[last] = this.#nonZero(pivot);
    this.#u1[last] = 0;
    this.#u2[last] = 0;
  }

  /** In place. */
  solve(x: Float64Array): void {
    const last = x.length - 1;
    for (let i = 0; i < last; i++) {
      if (this.#exchanged[i]) [x[i], x[i + 1]] = [x[i + 1], x[i]];
      x[i + 1] -= this.#multiplier[i] * x[i];
    }
    let [after, afterNext] = [0, 0];
    for (let i = last; i >= 0; i--) {
      const value = (x[i] - this.#u1[i] * after - this.#u2[i] * afterNext) / this.#u0[i];
      x[i] = value;
      [after, afterNext] = [value, after];
    }
  }

  #nonZero(pivot: number): number {
    return Math.abs(pivot) < this.#tiny ? this.#tiny : pivot;
  }
}

/** Scales x to length 1 and returns the length that it had. */
function normalize(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * x[k];
  const length = Math.sqrt(sum);
  for (let k = 0; k < x.length; k++) x[k] /= length;
  return length;
}

/**
 * x minus its components along up to four orthonormal vectors. Four at a time, so that sums run
 * side by side and x is read once for all: a cluster of half a thousand, as clipping leaves behind,
 * makes this the costliest loop.
 */
function removeComponents(x: Float64Array, others: readonly Float64Array[]): void {
  const [a, b = a, c = a, d = a] = others;
  let [alongA, alongB, alongC, alongD] = [0, 0, 0, 0];
  for (let k = 0; k < x.length; k++) {
    alongA += x[k] * a[k];
    alongB += x[k] * b[k];
    alongC += x[k] * c[k];
    alongD += x[k] * d[k];
  }
  // What stands in for a missing vector takes nothing away.
  if (others.length < 2) alongB = 0;
  if (others.length < 3) alongC = 0;
  if (others.length < 4) alongD = 0;
  for (let k = 0; k < x.length; k++) {
    x[k] -= alongA * a[k] + alongB * b[k] + (alongC * c[k] + alongD * d[k]);
  }
}

/**
 * Fixed pseudo-random numbers in (-1, 1) to start from: a vector that no eigenvector is orthogonal
 * to.
 */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}
