import { type BootstrapOptions, estimateMean, type Estimate } from './bootstrap.js';
import { MetricsError } from './errors.js';
import { checkRows, dotProducts, type Rows, toFloat64 } from './rows.js';

/** How well generated clips cover the reference, by nearest neighbors. Each is an {@link Estimate}. */
export interface NeighborScores {
  /** Share of generated clips that lie within reach of a reference clip: how realistic they are. */
  readonly precision: Estimate;
  /** Share of reference clips that lie within reach of a generated clip: how much variety there is. */
  readonly recall: Estimate;
  /** Like precision, but counts how many reference clips reach a generated one; about 1 for real clips. */
  readonly density: Estimate;
  /** Share of reference clips that have a generated clip within their reach. */
  readonly coverage: Estimate;
}

/**
 * Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).
 *
 * The reach of a clip is the distance to its k-th nearest neighbor in its own set; distances are Euclidean, and a clip
 * exactly at that distance is within reach. The bootstrap draws the clips that a score is the mean over anew, and keeps
 * the other set.
 *
 * Costs the square of the number of rows.
 *
 * @param neighbors - k; 3 and 5 are usual.
 * @throws MetricsError when a set has no more than k rows, or the numbers of features differ.
 */
export function neighborScores(
  generated: Rows,
  reference: Rows,
  neighbors: number,
  options: BootstrapOptions,
): NeighborScores {
  if (!Number.isInteger(neighbors) || neighbors < 1) {
    throw new MetricsError(`neighbors: expected a whole number >= 1, got ${neighbors}`);
  }
  checkRows('nearest neighbors', generated, reference, neighbors + 1);
  const [x, y] = [toFloat64(generated), toFloat64(reference)];
  const [normsX, normsY] = [squaredNorms(x), squaredNorms(y)];
  const reachX = squaredReach(x, normsX, neighbors);
  const reachY = squaredReach(y, normsY, neighbors);

  const hits = new Float64Array(x.count);
  const recalled = new Uint8Array(y.count);
  const covered = new Uint8Array(y.count);
  const distances = new Float64Array(x.count);
  for (let j = 0; j < y.count; j++) {
    squaredDistances(y, normsY, j, x, normsX, distances);
    for (let i = 0; i < x.count; i++) {
      if (distances[i] <= reachX[i]) recalled[j] = 1;
      if (distances[i] <= reachY[j]) {
        covered[j] = 1;
        hits[i]++;
      }
    }
  }
  return {
    precision: estimateMean(
      hits.map((count) => Math.min(count, 1)),
      options,
      [0, 1],
    ),
    recall: estimateMean(recalled, options, [0, 1]),
    density: estimateMean(
      hits.map((count) => count / neighbors),
      options,
      [0, Infinity],
    ),
    coverage: estimateMean(covered, options, [0, 1]),
  };
}

/** Of each row the squared distance to its k-th nearest other row. */
function squaredReach(x: Rows, norms: Float64Array, k: number): Float64Array {
  const reach = new Float64Array(x.count);
  const distances = new Float64Array(x.count);
  const nearest = new Float64Array(k);
  for (let i = 0; i < x.count; i++) {
    squaredDistances(x, norms, i, x, norms, distances);
    nearest.fill(Infinity);
    for (let j = 0; j < x.count; j++) {
      if (j !== i && distances[j] < nearest[k - 1]) insert(nearest, distances[j]);
    }
    reach[i] = nearest[k - 1];
  }
  return reach;
}

/** Puts a value into an ascending list in place of its last. */
function insert(ascending: Float64Array, value: number): void {
  let at = ascending.length - 1;
  for (; at > 0 && ascending[at - 1] > value; at--) ascending[at] = ascending[at - 1];
  ascending[at] = value;
}

/** Squared distances of row i of x to all rows of y. Equal rows are at 0 exactly. */
function squaredDistances(
  x: Rows,
  normsX: Float64Array,
  i: number,
  y: Rows,
  normsY: Float64Array,
  out: Float64Array,
): void {
  dotProducts(x, i, y, out);
  for (let j = 0; j < y.count; j++) out[j] = Math.max(0, normsX[i] + normsY[j] - 2 * out[j]);
}

function squaredNorms({ count, size, data }: Rows): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) norms[i] += data[i * size + k] ** 2;
  }
  return norms;
}
