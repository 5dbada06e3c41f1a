import { symmetricEigenpairs } from '@tgan/svc-constraint/eigen';
import { centered, type Samples } from './samples.js';

/** Directions that explain less than this part of the first one's covariance are noise. */
const relativeBound = 1e-6;

/**
 * The directions of latents along which what is made of them changes most: the left singular
 * vectors of the covariance of the two, that with the largest singular value first.
 *
 * @param latents - independent and centered.
 * @param outcomes - a row for each of the latents.
 * @param classes - sample i is of the class `i % classes`. Differences between classes do not
 * count.
 * @returns at most `count` unit vectors.
 */
export function principalDirections(
  latents: Samples,
  outcomes: Samples,
  count: number,
  classes = 1,
): Float32Array[] {
  const { size } = latents;
  const { values, vectors } = symmetricEigenpairs(
    gram(covariance(latents, outcomes, classes), size, outcomes.size),
    size,
    relativeBound,
  );
  return Array.from({ length: Math.min(count, values.length) }, (_, i) =>
    Float32Array.from(vectors.subarray(i * size, (i + 1) * size)),
  );
}

/** [latents.size, outcomes.size], not divided by the number of samples. */
function covariance({ data, size }: Samples, outcomes: Samples, classes: number): Float64Array {
  const deviations = centered(outcomes, classes);
  const sums = new Float64Array(size * outcomes.size);
  for (let row = 0; row < data.length / size; row++) {
    for (let i = 0; i < size; i++) {
      const latent = data[row * size + i];
      const [from, to] = [row * outcomes.size, i * outcomes.size];
      for (let j = 0; j < outcomes.size; j++) sums[to + j] += latent * deviations[from + j];
    }
  }
  return sums;
}

/** A matrix times its transpose. */
function gram(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const products = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    for (let j = i; j < rows; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += matrix[i * columns + k] * matrix[j * columns + k];
      products[i * rows + j] = products[j * rows + i] = sum;
    }
  }
  return products;
}
