import { type BootstrapOptions, estimateFrom, type Estimate, type Range } from './bootstrap.js';
import { MetricsError } from './errors.js';
import { checkRows, dotProducts, type Rows, toFloat64 } from './rows.js';

/** How well generated clips cover the reference, by nearest neighbors. */
export interface NeighborScores {
  /** Share of generated clips that lie within reach of a reference clip: how realistic they are. */
  readonly precision: Estimate;
  /**
   * Share of reference clips that lie within reach of a generated clip: how much variety there is.
   */
  readonly recall: Estimate;
  /**
   * Like precision, but counts how many reference clips reach a generated one; about 1 for real
   * clips.
   */
  readonly density: Estimate;
  /** Share of reference clips that have a generated clip within their reach. */
  readonly coverage: Estimate;
}

const ranges: Record<keyof NeighborScores, Range> = {
  precision: [0, 1],
  recall: [0, 1],
  density: [0, Infinity],
  coverage: [0, 1],
};

/**
 * Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).
 *
 * The reach of a clip is the distance to its k-th nearest neighbor in its own set; distances are
 * Euclidean, and a clip exactly at that distance is within reach.
 *
 * Intervals come from random halves of both sets. A bootstrap would not do: a clip that is drawn
 * twice is its own nearest neighbor. Half of the clips without replacement scatter as much as all
 * clips do over new draws: twice the variance for half the clips, half of it for drawing out of a
 * finite set.
 *
 * Time and memory grow with the square of the number of rows: 24 bytes for each pair.
 *
 * @param neighbors - k; 3 and 5 are usual.
 * @throws MetricsError when a set has no more than k rows, or the numbers of features differ.
 */
export function neighborScores(
  generated: Rows,
  reference: Rows,
  neighbors: number,
  { replicates, random }: BootstrapOptions,
): NeighborScores {
  if (!Number.isInteger(neighbors) || neighbors < 1) {
    throw new MetricsError(`neighbors: expected a whole number >= 1, got ${neighbors}`);
  }
  checkRows('nearest neighbors', generated, reference, neighbors + 1);
  const [x, y] = [toFloat64(generated), toFloat64(reference)];
  const distances = {
    xx: squaredDistances(x, x),
    yy: squaredDistances(y, y),
    yx: squaredDistances(y, x),
  };
  const all = (rows: Rows) => Uint32Array.from({ length: rows.count }, (_, i) => i);
  const value = scoresOf(distances, all(x), all(y), neighbors);

  const half = (rows: Rows) => random.permutation(rows.count).subarray(0, rows.count >> 1);
  const canHalve = Math.min(x.count, y.count) >> 1 > neighbors;
  const halves = Array.from({ length: canHalve ? replicates : 0 }, () =>
    scoresOf(distances, half(x), half(y), neighbors),
  );
  const score = (name: keyof NeighborScores) =>
    estimateFrom(
      value[name],
      halves.map((scores) => scores[name]),
      ranges[name],
    );
  return {
    precision: score('precision'),
    recall: score('recall'),
    density: score('density'),
    coverage: score('coverage'),
  };
}

/** Squared distances between rows, each a matrix row by row. */
interface Distances {
  readonly xx: Matrix;
  readonly yy: Matrix;
  readonly yx: Matrix;
}

interface Matrix {
  readonly columns: number;
  readonly data: Float64Array;
}

/** The scores of some generated rows against some reference rows. */
function scoresOf(
  { xx, yy, yx }: Distances,
  generated: Uint32Array,
  reference: Uint32Array,
  k: number,
): Record<keyof NeighborScores, number> {
  const reachX = squaredReach(xx, generated, k);
  const reachY = squaredReach(yy, reference, k);
  const hit = new Uint8Array(generated.length);
  let [hits, recalled, covered] = [0, 0, 0];
  reference.forEach((row, j) => {
    const distances = yx.data.subarray(row * yx.columns, (row + 1) * yx.columns);
    let [isRecalled, isCovered] = [0, 0];
    for (let i = 0; i < generated.length; i++) {
      const distance = distances[generated[i]];
      if (distance <= reachX[i]) isRecalled = 1;
      if (distance <= reachY[j]) {
        isCovered = hit[i] = 1;
        hits++;
      }
    }
    recalled += isRecalled;
    covered += isCovered;
  });
  return {
    precision: hit.reduce((sum, value) => sum + value, 0) / generated.length,
    recall: recalled / reference.length,
    density: hits / (k * generated.length),
    coverage: covered / reference.length,
  };
}

/** Of some rows of a set the squared distance to the k-th nearest other one among them. */
function squaredReach({ columns, data }: Matrix, rows: Uint32Array, k: number): Float64Array {
  const reach = new Float64Array(rows.length);
  const nearest = new Float64Array(k);
  rows.forEach((row, at) => {
    const distances = data.subarray(row * columns, (row + 1) * columns);
    nearest.fill(Infinity);
    for (const other of rows) {
      if (other !== row && distances[other] < nearest[k - 1]) insert(nearest, distances[other]);
    }
    reach[at] = nearest[k - 1];
  });
  return reach;
}

/** Puts a value into an ascending list in place of its last. */
function insert(ascending: Float64Array, value: number): void {
  let at = ascending.length - 1;
  for (; at > 0 && ascending[at - 1] > value; at--) ascending[at] = ascending[at - 1];
  ascending[at] = value;
}

/** Squared distances of all rows of x to all rows of y. Equal rows are at 0 exactly. */
function squaredDistances(x: Rows, y: Rows): Matrix {
  const data = new Float64Array(x.count * y.count);
  const [normsX, normsY] = [squaredNorms(x), squaredNorms(y)];
  for (let i = 0; i < x.count; i++) {
    const row = data.subarray(i * y.count, (i + 1) * y.count);
    dotProducts(x, i, y, row);
    for (let j = 0; j < y.count; j++) row[j] = Math.max(0, normsX[i] + normsY[j] - 2 * row[j]);
  }
  return { columns: y.count, data };
}

function squaredNorms({ count, size, data }: Rows): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) norms[i] += data[i * size + k] ** 2;
  }
  return norms;
}
