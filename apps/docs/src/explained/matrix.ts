import { symmetricEigenpairs } from '@tgan/svc-constraint/eigen';

/** A matrix of two rows and two columns, row by row. */
export type Matrix = readonly number[];

/** An axis of the ellipse that a matrix makes of the unit circle. */
export interface Axis {
  /** Half its length: a singular value. */
  readonly size: number;
  /** A unit vector. */
  readonly direction: readonly [number, number];
}

/** The axes of the ellipse, the longer first: singular values and left singular vectors. */
export function axesOf([a, b, c, d]: Matrix): Axis[] {
  const gram = Float64Array.of(a * a + b * b, a * c + b * d, a * c + b * d, c * c + d * d);
  // A bound relative to the largest value takes in all of them, unless that is 0.
  if (gram.every((value) => value === 0)) {
    return [
      { size: 0, direction: [1, 0] },
      { size: 0, direction: [0, 1] },
    ];
  }
  const { values, vectors } = symmetricEigenpairs(gram, 2, -1);
  return Array.from(values, (value, i) => ({
    size: Math.sqrt(Math.max(0, value)),
    direction: [vectors[2 * i], vectors[2 * i + 1]],
  }));
}

/** Cuts each axis at 1, as singular value clipping does. */
export function clipAxes(matrix: Matrix): number[] {
  const clipped = [...matrix];
  for (const { size, direction } of axesOf(matrix)) {
    if (size <= 1) continue;
    for (const column of [0, 1]) {
      const along = direction[0] * matrix[column] + direction[1] * matrix[2 + column];
      for (const row of [0, 1]) {
        clipped[2 * row + column] -= direction[row] * (1 - 1 / size) * along;
      }
    }
  }
  return clipped;
}
