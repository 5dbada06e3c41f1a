import type { Tensor } from '@tensorflow/tfjs';

type Values = Tensor | ArrayLike<number>;

/** How far apart two tensors are, and where they differ most. */
export interface Difference {
  /** Largest absolute difference, divided by the largest absolute value expected. */
  readonly relative: number;
  /** Where that is: a flat index, or one index a dimension where a shape is known. */
  readonly at: readonly number[];
  readonly actual: number;
  readonly expected: number;
}

/**
 * Measures the largest difference between two tensors, relative to the largest value expected: the
 * error that rounding causes in a sum grows with the largest terms, not with each result.
 *
 * A NaN on either side counts as an infinite difference.
 */
export function difference(actual: Values, expected: Values): Difference {
  const [a, e] = [valuesOf(actual), valuesOf(expected)];
  if (a.length !== e.length) {
    throw new Error(`${a.length} values where ${e.length} were expected`);
  }
  let worst = 0;
  let largest = 0;
  let at = 0;
  for (let i = 0; i < e.length; i++) {
    largest = Math.max(largest, Math.abs(e[i]));
    const gap = a[i] === e[i] ? 0 : Math.abs(a[i] - e[i]);
    if (gap > worst || Number.isNaN(gap)) {
      worst = Number.isNaN(gap) ? Infinity : gap;
      at = i;
    }
  }
  const shape = 'shape' in actual ? actual.shape : 'shape' in expected ? expected.shape : undefined;
  return {
    relative: worst === 0 ? 0 : worst / (largest || 1),
    at: shape ? unravel(at, shape) : [at],
    actual: a[at],
    expected: e[at],
  };
}

/**
 * Throws, naming the worst element, unless every value is within `relative` times the largest value
 * expected.
 *
 * @example
 * ```ts
 * expectClose(model.predict(x) as tf.Tensor, reference.array('step1/z1').data, 2e-5, 'z1');
 * ```
 */
export function expectClose(
  actual: Values,
  expected: Values,
  relative: number,
  name = 'tensor',
): void {
  const worst = difference(actual, expected);
  if (worst.relative <= relative) return;
  throw new Error(
    `${name}: off by ${worst.relative.toExponential(2)} of its largest value (allowed ${relative}); ` +
      `worst at [${worst.at.join(', ')}]: ${worst.actual}, expected ${worst.expected}`,
  );
}

function valuesOf(values: Values): ArrayLike<number> {
  return 'dataSync' in values ? values.dataSync() : values;
}

function unravel(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (const size of [...shape].reverse()) {
    place.unshift(index % size);
    index = Math.floor(index / size);
  }
  return place;
}
