import { expectNoLeaks } from '@tgan/tensor-fixtures';
import { Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { NonFiniteWeightError, singularValueClip, singularValueClipSync } from './index.js';

/** A matrix of these singular values: a diagonal one turned by random reflections on both sides. */
function turned(rows: number, columns: number, sigmas: readonly number[], random: Random) {
  const w = new Float64Array(rows * columns);
  sigmas.forEach((sigma, i) => (w[i * columns + i] = sigma));
  for (let turn = 0; turn < 2; turn++) {
    const left = random.uniform(rows, -1, 1);
    const right = random.uniform(columns, -1, 1);
    const leftScale = 2 / left.reduce((sum, x) => sum + x * x, 0);
    const rightScale = 2 / right.reduce((sum, x) => sum + x * x, 0);
    const along = new Float64Array(columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) along[j] += leftScale * left[i] * w[i * columns + j];
    }
    for (let i = 0; i < rows; i++) {
      let dot = 0;
      for (let j = 0; j < columns; j++) {
        w[i * columns + j] -= left[i] * along[j];
        dot += rightScale * w[i * columns + j] * right[j];
      }
      for (let j = 0; j < columns; j++) w[i * columns + j] -= dot * right[j];
    }
  }
  return w;
}

const matrixOf = (values: ArrayLike<number>, rows: number, columns: number) =>
  Matrix.from1DArray(rows, columns, Array.from(values));

const svd = (w: Matrix) => new SingularValueDecomposition(w, { autoTranspose: true });

/** U min(S, 1) V' in float64, by a library's singular value decomposition. */
function exactClip(w: Matrix): Float64Array {
  const { leftSingularVectors: u, rightSingularVectors: v, diagonal } = svd(w);
  const clipped = Matrix.diag(diagonal.map((sigma) => Math.min(sigma, 1)));
  return Float64Array.from(u.mmul(clipped).mmul(v.transpose()).to1DArray());
}

/**
 * The largest singular value: by decomposition, or for large matrices by 60 steps of the power
 * method.
 */
function largestSigma(w: Float32Array, rows: number, columns: number): number {
  if (rows * columns <= 30_000) return svd(matrixOf(w, rows, columns)).diagonal[0];
  let v = new Float64Array(columns).map((_, j) => Math.cos(j * j));
  let sigma = 0;
  for (let step = 0; step < 60; step++) {
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    const next = new Float64Array(columns);
    let squared = 0;
    for (let i = 0; i < rows; i++) {
      let dot = 0;
      for (let j = 0; j < columns; j++) dot += w[i * columns + j] * v[j];
      dot /= length;
      squared += dot * dot;
      for (let j = 0; j < columns; j++) next[j] += dot * w[i * columns + j];
    }
    sigma = Math.sqrt(squared);
    v = next;
  }
  return sigma;
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.sqrt(
    Array.prototype.reduce.call(
      a,
      (s, x, i) => (s as number) + ((x as number) - b[i]) ** 2,
      0,
    ) as number,
  );

/** What the singular values are, before a scale: repeated, deficient, clustered, spread. */
const SPECTRA: readonly ((i: number, size: number) => number)[] = [
  (i, size) => (2 * (i + 1)) / size,
  (i) => [2, 0.5, 1, 0][i % 4],
  (i, size) => 1 + i / size,
  (i) => (i < 2 ? 3 : 0),
  (i) => 2 ** -i,
  (i) => 1 + 1e-3 * Math.sin(i),
  () => 1.5,
  (i) => (i === 0 ? 50 : 0.9),
];

/** Sizes of the 500: most small, where a library decomposes both sides, up to the largest. */
function sizeOf(run: number, random: Random): [number, number] {
  const largest: [number, number][] = [
    [512, 4096],
    [4096, 300],
    [512, 512],
    [4096, 512],
    [1, 4096],
    [512, 1],
  ];
  if (run < largest.length) return largest[run];
  const most = run < 15 ? 160 : run < 60 ? 64 : 24;
  const sides: [number, number] = [1 + random.integer(most), 1 + random.integer(most)];
  if (random.integer(4) === 0) sides[random.integer(2)] = 1 + random.integer(most * 6);
  return sides;
}

describe('singularValueClip', () => {
  it('gives U min(S, 1) V for 500 matrices, as an independent decomposition does', async () => {
    const random = new Random(2017);
    for (let run = 0; run < 500; run++) {
      const [rows, columns] = sizeOf(run, random);
      const size = Math.min(rows, columns);
      const large = rows * columns > 30_000;
      // A large matrix takes seconds on this backend for each pass, so those stay near 1.
      const scale = large ? 0.9 + random.number() : 10 ** random.number(-6, 6);
      const spectrum = SPECTRA[large ? run % 3 : random.integer(SPECTRA.length)];
      const sigmas = Array.from({ length: size }, (_, i) => scale * spectrum(i, size));
      const values =
        run % 25 === 24
          ? new Float32Array(rows * columns)
          : !large && run % 5 === 0
            ? random.uniform(rows * columns, -scale, scale)
            : Float32Array.from(turned(rows, columns, sigmas, new Random(run)));
      // Large ones are decomposed by how they were made, the others by a library.
      const exact = large
        ? turned(
            rows,
            columns,
            sigmas.map((s) => Math.min(s, 1)),
            new Random(run),
          )
        : exactClip(matrixOf(values, rows, columns));

      const matrix = tf.tensor2d(values, [rows, columns]);
      const clipped = await singularValueClip(matrix);
      const result = (await clipped.data()) as Float32Array;
      const label = `run ${run}: ${rows} x ${columns}, scale ${scale}`;
      expect(clipped.shape, label).toEqual([rows, columns]);
      expect(largestSigma(result, rows, columns), label).toBeLessThanOrEqual(1 + 1e-5);
      // float32 holds W to 6e-8 of its norm, and taking large parts out of it cannot leave less
      // than that. So results are good to 1e-4 up to a norm of 370; beyond, only next to values
      // that much larger.
      const norm = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
      const tolerance = 1e-5 + norm * 2 ** -22;
      expect(distance(result, exact), label).toBeLessThanOrEqual(tolerance);
      tf.dispose([matrix, clipped]);
    }
  });

  it('keeps full precision at any scale where every singular value is clipped', async () => {
    for (const [rows, columns] of [
      [1, 90],
      [12, 90],
      [40, 12],
      [20, 20],
    ] as const) {
      for (const scale of [10, 1e6, 1e20, 1e35]) {
        const size = Math.min(rows, columns);
        const sigmas = Array.from({ length: size }, (_, i) => scale * (1 + i / size));
        const values = Float32Array.from(turned(rows, columns, sigmas, new Random(rows)));
        const matrix = tf.tensor2d(values, [rows, columns]);
        const clipped = await singularValueClip(matrix);
        const exact = turned(
          rows,
          columns,
          sigmas.map(() => 1),
          new Random(rows),
        );
        expect(distance(await clipped.data(), exact)).toBeLessThan(2e-6);
        tf.dispose([matrix, clipped]);
      }
    }
  });

  it('changes nothing, to the bit, where nothing exceeds 1, so clipping twice is clipping once', async () => {
    const random = new Random(4);
    const matrix = tf.tensor2d(random.uniform(300, -1, 1), [10, 30]);
    const once = await singularValueClip(matrix);
    const twice = await singularValueClip(once);
    expect(await twice.data()).toEqual(await once.data());
    expect(await matrix.data()).not.toEqual(await once.data());
    tf.dispose([matrix, once, twice]);
  });

  it('gives the same result blocking as awaiting, and leaves nothing behind', async () => {
    const matrix = tf.tensor2d(new Random(5).uniform(300, -50, 50), [10, 30]);
    const [awaited, blocking] = await expectNoLeaks(
      async () => [await singularValueClip(matrix), singularValueClipSync(matrix)],
      2,
    );
    expect(awaited.dataSync()).toEqual(blocking.dataSync());
    tf.dispose([matrix, awaited, blocking]);
  });

  it('refuses what has no singular values, by name, and leaves nothing behind', async () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const matrix = tf.tensor2d([
        [1, 2, 3],
        [4, bad, 6],
      ]);
      await expectNoLeaks(async () => {
        const attempt = singularValueClip(matrix, { name: 'dense_1/kernel' });
        await expect(attempt).rejects.toThrow(NonFiniteWeightError);
        await expect(attempt).rejects.toThrow(/dense_1\/kernel holds NaN or infinity/);
        expect(() => singularValueClipSync(matrix)).toThrow(/^matrix holds NaN/);
      });
      matrix.dispose();
    }
    const whole = tf.tensor2d([[1, 2]], [1, 2], 'int32');
    await expect(singularValueClip(whole)).rejects.toThrow(
      /expected a float32.*got int32 \[1, 2\]/,
    );
    const empty = tf.tensor2d([], [0, 3]);
    const stack = tf.zeros([2, 3, 4]) as tf.Tensor as tf.Tensor2D;
    await expect(singularValueClip(stack)).rejects.toThrow(
      /^matrix: expected a float32 matrix, got float32 \[2, 3, 4\]; clipKernel takes kernels of/,
    );
    expect(() => singularValueClipSync(stack)).toThrow(TypeError);
    await expect(singularValueClip(empty)).rejects.toThrow(/got float32 \[0, 3\]/);
    tf.dispose([whole, empty, stack]);
  });
});
