/** Rows of numbers, one for each sample. */
export interface Samples {
  readonly data: Float32Array;
  /** Numbers in a row. */
  readonly size: number;
}

/**
 * Samples less the mean of those of their class, so that what differs between classes is no
 * direction.
 *
 * @param classes - sample i is of the class `i % classes`.
 */
export function centered({ data, size }: Samples, classes: number): Float32Array {
  const count = data.length / size;
  const means = new Float64Array(classes * size);
  for (let row = 0; row < count; row++) {
    const of = row % classes;
    const inClass = Math.ceil((count - of) / classes);
    for (let i = 0; i < size; i++) means[of * size + i] += data[row * size + i] / inClass;
  }
  return data.map(
    (value, i) => value - means[(Math.floor(i / size) % classes) * size + (i % size)],
  );
}

/** How far each sample is along a direction. */
export const along = ({ data, size }: Samples, direction: ArrayLike<number>): number[] =>
  Array.from({ length: data.length / size }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += direction[i] * data[row * size + i];
    return sum;
  });

/** Pearson's correlation of two series. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - meanA, b[i] - meanB];
    both += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return both / Math.sqrt(squaresA * squaresB);
}
