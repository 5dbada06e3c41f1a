import * as tf from '@tensorflow/tfjs';
import { spectrumOf, type Spectrum } from './eigenvalues.js';
import { leadingEigenvectors } from './eigenvectors.js';
import { NonFiniteWeightError } from './errors.js';
import type { Reading } from './reading.js';
import { tridiagonalize, type Tridiagonal } from './tridiagonal.js';

/** The result of clipping some matrices. */
export interface ClippedBlocks {
  /** The clipped matrices, or null if no singular value exceeded 1. */
  readonly blocks: tf.Tensor3D | null;
  /** The largest singular value that was found. */
  readonly before: number;
  /** Every singular value that was found, of all matrices, the largest first. */
  readonly spectrum: Float64Array;
  /**
   * The largest singular value of the result, measured again. Undefined if it was not measured.
   */
  readonly after: number | undefined;
}

/** A singular value up to this counts as 1, because float32 rounds clipped ones. */
const ONE = 1 + 1e-6;

/**
 * How far below the largest singular value one pass sees. A Gram matrix in float32 holds
 * eigenvalues to about 1e-7 of the largest, so values down to a quarter of it to 1e-6; smaller ones
 * that still exceed 1 wait for the next pass.
 */
const REACH = 4;

/**
 * Float32 numbers need fewer: each pass divides the largest singular value by about {@link REACH}.
 */
const MAX_PASSES = 100;

/**
 * The Gram matrix of one block, decomposed. Its eigenvalues are those of the block divided by
 * `unit`.
 */
interface Gram {
  readonly unit: number;
  readonly tridiagonal: Tridiagonal;
  readonly spectrum: Spectrum;
  readonly sigma: number;
}

/**
 * Clips the singular values of every matrix in `[block, rows, columns]` to 1: W' = U min(S, 1) V'.
 *
 * From the Gram matrix A = W W' of the smaller side, with eigenpairs (u, l): W' = W - sum over l >
 * 1 of u (1 - 1 / sqrt(l)) u' W. Only A leaves the device; the update is two matrix products.
 */
export function* clipBlocks(
  blocks: tf.Tensor3D,
  name: string,
  measure: boolean,
): Reading<ClippedBlocks> {
  let current = blocks;
  try {
    let grams = yield* decompose(current, name);
    const before = largest(grams);
    const spectrum = singularValues(grams);
    for (let pass = 1; ; pass++) {
      const counts = grams.map(countToClip);
      if (counts.every((count) => count === 0)) {
        return { blocks: release(), before, spectrum, after: largest(grams) };
      }
      const last = grams.every((gram, b) => isComplete(gram, counts[b])) || pass === MAX_PASSES;
      const next = update(current, grams, counts);
      release()?.dispose();
      current = next;
      if (last && !measure) return { blocks: release(), before, spectrum, after: undefined };
      grams = yield* decompose(current, name);
      if (last) return { blocks: release(), before, spectrum, after: largest(grams) };
    }
  } finally {
    release()?.dispose();
  }

  /** Hands over the result so far, which this function then no longer disposes. */
  function release(): tf.Tensor3D | null {
    const result = current === blocks ? null : current;
    current = blocks;
    return result;
  }
}

/** Forms the Gram matrices on the device, reads them and finds their eigenvalues. */
function* decompose(blocks: tf.Tensor3D, name: string): Reading<Gram[]> {
  const [count, rows, columns] = blocks.shape;
  const size = Math.min(rows, columns);
  // Scaled to entries of at most 1, so that squares neither overflow nor vanish in float32.
  const tensors = tf.tidy(() => {
    const scale = tf.maximum(tf.max(tf.abs(blocks)), 1e-30);
    const w = tf.div(blocks, scale);
    const wide = rows <= columns;
    return [tf.matMul(w, w, !wide, wide), scale];
  });
  let gram: Float32Array;
  let scale: number;
  try {
    const [values, [only]] = yield tensors;
    [gram, scale] = [values, only];
  } finally {
    tf.dispose(tensors);
  }
  if (!Number.isFinite(scale) || !gram.every(Number.isFinite)) throw new NonFiniteWeightError(name);

  const unit = scale * scale;
  return Array.from({ length: count }, (_, b) => {
    const a = gram.subarray(b * size * size, (b + 1) * size * size);
    const tridiagonal = tridiagonalize(a, size);
    const spectrum = spectrumOf(tridiagonal);
    return { unit, tridiagonal, spectrum, sigma: sigmaOf(spectrum.eigenvalues[0].value, unit) };
  });
}

/**
 * How many singular values to take to 1 in this pass: those above 1 that this Gram matrix holds
 * precisely.
 */
function countToClip({ unit, spectrum, sigma }: Gram): number {
  const lowest = Math.max(ONE, sigma / REACH);
  const stop = spectrum.eigenvalues.findIndex(({ value }) => !(sigmaOf(value, unit) > lowest));
  return stop < 0 ? spectrum.eigenvalues.length : stop;
}

/** Whether nothing above 1 remains once `count` singular values are taken to 1. */
function isComplete({ sigma, spectrum }: Gram, count: number): boolean {
  return sigma <= REACH || count === spectrum.eigenvalues.length;
}

/**
 * W' = W - U (1 - 1/S) U' W, or U (1/S) U' W where every singular value is clipped: the latter
 * subtracts nothing, so it keeps the full precision of float32 at any scale.
 */
function update(blocks: tf.Tensor3D, grams: readonly Gram[], counts: readonly number[]) {
  const [, rows, columns] = blocks.shape;
  const size = Math.min(rows, columns);
  const most = Math.max(...counts);
  const shape: [number, number, number] = [grams.length, most, size];
  const vectors = new Float32Array(grams.length * most * size);
  const weighted = new Float32Array(vectors.length);
  const kept = grams.map((_, b) => (counts[b] === size ? 0 : 1));
  grams.forEach(({ unit, tridiagonal, spectrum }, b) => {
    const u = leadingEigenvectors(tridiagonal, spectrum, counts[b]);
    const place = b * most * size;
    vectors.set(u, place);
    for (let c = 0; c < counts[b]; c++) {
      const factor = 1 / sigmaOf(spectrum.eigenvalues[c].value, unit) - kept[b];
      for (let k = c * size; k < (c + 1) * size; k++) weighted[place + k] = factor * u[k];
    }
  });
  return tf.tidy(() => {
    const u = tf.tensor3d(vectors, shape);
    const s = tf.tensor3d(weighted, shape);
    const change =
      2 * most < size
        ? rows <= columns
          ? tf.matMul(s, tf.matMul(u, blocks), true)
          : tf.matMul(tf.matMul(blocks, u, false, true), s)
        : rows <= columns
          ? tf.matMul(tf.matMul(s, u, true), blocks)
          : tf.matMul(blocks, tf.matMul(u, s, true));
    const rest = kept.includes(0) ? blocks.mul(tf.tensor3d(kept, [grams.length, 1, 1])) : blocks;
    return rest.add(change) as tf.Tensor3D;
  });
}

function sigmaOf(eigenvalue: number, unit: number): number {
  return Math.sqrt(Math.max(0, eigenvalue) * unit);
}

function singularValues(grams: readonly Gram[]): Float64Array {
  const values = grams.flatMap(({ unit, spectrum }) =>
    spectrum.eigenvalues.map(({ value }) => sigmaOf(value, unit)),
  );
  return Float64Array.from(values).sort().reverse();
}

function largest(grams: readonly Gram[]): number {
  return Math.max(...grams.map(({ sigma }) => sigma));
}
