import { type BootstrapOptions, drawWeights, estimate, type Estimate } from './bootstrap.js';
import { checkRows, dotProducts, type Rows, toFloat64 } from './rows.js';

/** Into how many groups the bootstrap of the kernel distance deals the clips. */
const GROUPS = 50;

/**
 * The kernel distance: the squared maximum mean discrepancy with the kernel `(x'y / size + 1)^3`,
 * unbiased, and a bootstrap over both sets.
 *
 * On features of images that is the KID (Binkowski et al. 2018), on features of clips the KVD
 * (Unterthiner et al. 2018). Unlike the Frechet distance its expectation does not depend on the
 * number of clips. It can be below 0, the quantity that it estimates cannot: the interval therefore
 * always reaches up to 0. Near 0 the interval is wider than it need be.
 *
 * Costs the square of the number of rows.
 *
 * @throws MetricsError when a set has fewer than two rows, or the numbers of features differ.
 */
export function kernelDistance(
  generated: Rows,
  reference: Rows,
  options: BootstrapOptions,
): Estimate {
  checkRows('kernel distance', generated, reference, 2);
  const [x, y] = [toFloat64(generated), toFloat64(reference)];
  const [xx, yy, xy] = [groupedSums(x, x), groupedSums(y, y), groupedSums(x, y)];
  const ones = (sums: GroupedSums) => new Float64Array(sums.groups).fill(1);
  const squaredDiscrepancy = (wx: Float64Array, wy: Float64Array) =>
    weightedMean(xx, wx, wx) + weightedMean(yy, wy, wy) - 2 * weightedMean(xy, wx, wy);
  const { value, interval } = estimate(
    squaredDiscrepancy(ones(xx), ones(yy)),
    (random) => squaredDiscrepancy(drawWeights(xx.groups, random), drawWeights(yy.groups, random)),
    options,
    [-Infinity, Infinity],
  );
  return { value, interval: interval && [interval[0], Math.max(0, interval[1])] };
}

/** Sums of the kernel over pairs of rows, by the groups that the rows are in. */
interface GroupedSums {
  readonly groups: number;
  readonly columns: number;
  /** `[groups, columns]`: sums, and how many pairs each is of. */
  readonly sums: Float64Array;
  readonly pairs: Float64Array;
}

/** A set beside itself leaves out the pairs of a row with itself. */
function groupedSums(x: Rows, y: Rows): GroupedSums {
  const [groups, columns] = [Math.min(GROUPS, x.count), Math.min(GROUPS, y.count)];
  const sums = new Float64Array(groups * columns);
  const pairs = new Float64Array(groups * columns);
  const products = new Float64Array(y.count);
  for (let i = 0; i < x.count; i++) {
    dotProducts(x, i, y, products);
    const row = (i % groups) * columns;
    for (let j = 0; j < y.count; j++) {
      if (x === y && i === j) continue;
      const base = products[j] / x.size + 1;
      sums[row + (j % columns)] += base * base * base;
      pairs[row + (j % columns)]++;
    }
  }
  return { groups, columns, sums, pairs };
}

/** The mean over all pairs, the groups counted as often as their weights say. */
function weightedMean(
  { groups, columns, sums, pairs }: GroupedSums,
  rowWeights: Float64Array,
  columnWeights: Float64Array,
): number {
  let [sum, count] = [0, 0];
  for (let a = 0; a < groups; a++) {
    for (let b = 0; b < columns; b++) {
      const weight = rowWeights[a] * columnWeights[b];
      sum += weight * sums[a * columns + b];
      count += weight * pairs[a * columns + b];
    }
  }
  return sum / count;
}
