import { Random } from '@tgan/core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigenpairs, symmetricEigenvalues } from './eigen.js';
import { spectrumOf } from './eigenvalues.js';
import { leadingEigenvectors } from './eigenvectors.js';
import { tridiagonalize } from './tridiagonal.js';

/** A symmetric matrix of these eigenvalues, turned by a few random reflections. */
function symmetric(eigenvalues: readonly number[], random: Random): Matrix {
  const size = eigenvalues.length;
  let a = Matrix.diag([...eigenvalues]);
  for (let turn = 0; turn < 3; turn++) {
    const v = Matrix.columnVector(random.uniform(size, -1, 1));
    const h = Matrix.eye(size).sub(v.mmul(v.transpose()).mul(2 / v.dot(v)));
    a = h.mmul(a).mmul(h);
  }
  return a.add(a.transpose()).div(2);
}

/** Everything the solver promises, beside the largest eigenvalue. */
function check(a: Matrix, count: number): void {
  const size = a.rows;
  const tridiagonal = tridiagonalize(Float64Array.from(a.to1DArray()), size);
  const spectrum = spectrumOf(tridiagonal);
  const values = spectrum.eigenvalues.map(({ value }) => value);
  const expected = new EigenvalueDecomposition(a, { assumeSymmetric: true }).realEigenvalues;
  expected.sort((x, y) => y - x);
  const scale = Math.max(...expected.map(Math.abs), 1e-300);
  values.forEach((value, i) => expect(Math.abs(value - expected[i]) / scale).toBeLessThan(1e-13));

  const flat = leadingEigenvectors(tridiagonal, spectrum, count);
  const u = new Matrix(
    Array.from({ length: count }, (_, c) => [...flat.subarray(c * size, (c + 1) * size)]),
  );
  const gap = u.mmul(u.transpose()).sub(Matrix.eye(count));
  expect(gap.abs().max()).toBeLessThan(1e-9);
  const residual = u.mmul(a).sub(Matrix.diag(values.slice(0, count)).mmul(u));
  expect(residual.abs().max() / scale).toBeLessThan(1e-11);
}

describe('the symmetric eigensolver', () => {
  const random = new Random(7);
  const spectra: Record<string, (i: number, size: number) => number> = {
    'evenly spread': (i, size) => 1 + i / size,
    equal: () => 4,
    'of two values': (i) => 1 + (i % 2),
    'of low rank': (i) => (i < 3 ? i + 1 : 0),
    'equal but for 1e-9': (i) => 1 + 1e-9 * i,
    'equal but for 1e-13': () => 1 + 1e-13 * random.number(),
    'one roundings apart': (i) => 1 + i * Number.EPSILON,
    geometric: (i) => 2 ** -i,
    'of both signs': (i) => (i % 2 ? i : -i) + 0.5,
    'one huge': (i) => (i === 0 ? 1e12 : 0.5),
  };
  for (const [name, value] of Object.entries(spectra)) {
    it(`finds eigenvalues ${name}`, () => {
      for (const size of [1, 2, 3, 5, 16, 33, 80]) {
        const eigenvalues = Array.from({ length: size }, (_, i) => value(i, size));
        check(symmetric(eigenvalues, random), size);
        check(symmetric(eigenvalues, random), Math.ceil(size / 3));
      }
    });
  }

  it('takes diagonal, zero and tridiagonal matrices as they come', () => {
    check(Matrix.diag([3, 1, 2, 2]), 4);
    const zero = spectrumOf(tridiagonalize(new Float64Array(9), 3));
    expect(zero.eigenvalues.map(({ value }) => value)).toEqual([0, 0, 0]);
    // Wilkinson's matrix: pairs of eigenvalues that agree to 14 digits.
    const wilkinson = Matrix.diag(Array.from({ length: 21 }, (_, i) => Math.abs(i - 10)));
    for (let i = 0; i < 20; i++) {
      wilkinson.set(i, i + 1, 1);
      wilkinson.set(i + 1, i, 1);
    }
    check(wilkinson, 21);
  });

  it('is exported: all eigenvalues, or those above a bound with their vectors', () => {
    const size = 12;
    const a = symmetric(
      Array.from({ length: size }, (_, i) => (i < 5 ? 10 - i : 1e-9 * i)),
      random,
    );
    const flat = () => Float64Array.from(a.to1DArray());
    const all = symmetricEigenvalues(flat(), size);
    expect(all).toHaveLength(size);
    const { values, vectors } = symmetricEigenpairs(flat(), size, 1e-6);
    expect([...values].map((value) => Math.round(value * 1e8) / 1e8)).toEqual([10, 9, 8, 7, 6]);
    expect([...values]).toEqual([...all.subarray(0, 5)]);
    const u = new Matrix(
      Array.from({ length: 5 }, (_, i) => [...vectors.subarray(i * size, (i + 1) * size)]),
    );
    const rebuilt = u
      .transpose()
      .mmul(Matrix.diag([...values]))
      .mmul(u);
    expect(rebuilt.sub(a).abs().max()).toBeLessThan(1e-7);
    expect(symmetricEigenpairs(new Float64Array(9), 3, 1e-12).values).toHaveLength(0);
  });
});
