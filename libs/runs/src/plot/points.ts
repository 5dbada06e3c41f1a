import type { Series } from './metrics-file.js';

/** Points of a curve, by rising x. A y that is not finite leaves a gap. */
export type Points = readonly (readonly [x: number, y: number])[];

/**
 * The exponential moving average of a curve, without the bias towards zero that it would begin
 * with.
 *
 * @param amount - decay of the average, in [0, 1).
 */
export function smooth(points: Points, amount: number): Points {
  let [average, weight] = [0, 0];
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    average = amount * average + (1 - amount) * y;
    weight = amount * weight + (1 - amount);
    return [x, average / weight];
  });
}

/**
 * At most two points in each of `columns` equal parts of the x axis: the lowest and the highest, so
 * that a thinned curve looks like the whole one, with every spike.
 */
export function thin(points: Points, columns: number): Points {
  if (points.length <= 2 * columns) return points;
  const first = points[0][0];
  const width = (points[points.length - 1][0] - first) / columns;
  const kept: (readonly [number, number])[] = [];
  for (let start = 0, end = 0; start < points.length; start = end) {
    const column = Math.floor((points[start][0] - first) / width);
    let [low, high] = [start, start];
    for (end = start; end < points.length; end++) {
      if (end > start && Math.floor((points[end][0] - first) / width) !== column) break;
      if (points[end][1] < points[low][1] || !Number.isFinite(points[low][1])) low = end;
      if (points[end][1] > points[high][1] || !Number.isFinite(points[high][1])) high = end;
    }
    kept.push(points[Math.min(low, high)]);
    if (low !== high) kept.push(points[Math.max(low, high)]);
  }
  return kept;
}

/** The range of the finite values of some curves; widened where it would be empty. */
export function extent(values: Iterable<number>): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  const margin = Math.abs(low) / 2 || 1;
  return [low - margin, high + margin];
}

/** Parts of a curve that keep two points each: about what the eye can tell apart. */
const COLUMNS = 400;
/** Curves of so many points are drawn as they are by default. */
const FEW = 200;

/** Keeps differences and powers of ten of values in the range of numbers; NaN stays. */
const drawable = (value: number) => Math.max(-1e300, Math.min(1e300, value));

/**
 * What is drawn of a series.
 *
 * @param amount - decay of an exponential moving average, in [0, 1); 0 for the points themselves.
 * Default: an average over about 1% of them.
 */
export function curveOf(series: Series | undefined, amount: number | undefined) {
  const raw: Points = (series?.steps ?? []).map(
    (step, i) => [step, drawable(series!.values[i])] as const,
  );
  const stays = amount ?? (raw.length <= FEW ? 0 : 1 - 100 / raw.length);
  const line = stays > 0 ? smooth(raw, stays) : raw;
  const ys = Float64Array.from(line, ([, y]) => y).filter(Number.isFinite);
  return {
    points: thin(line, COLUMNS),
    ...(stays > 0 && { behind: thin(raw, COLUMNS) }),
    scale: scaleOf(ys),
  };
}

/** What an axis has to know of the values of a curve. */
export interface CurveScale {
  /** The lowest and the highest; none where there are no values. */
  readonly all: readonly number[];
  /**
   * The same without a few extremes, where they would take most of a linear axis for themselves.
   */
  readonly linear: readonly number[];
  /** The same without a two-hundredth at either end. */
  readonly log: readonly number[];
  /** The size that all but a hundredth of the values exceed; Infinity where there are none. */
  readonly small: number;
}

function scaleOf(ys: Float64Array): CurveScale {
  if (ys.length === 0) return { all: [], linear: [], log: [], small: Infinity };
  const sorted = ys.toSorted();
  const at = (values: Float64Array, part: number) => values[Math.floor(part * (values.length - 1))];
  const all = [sorted[0], sorted[sorted.length - 1]];
  const [low, high] = [at(sorted, 0.02), at(sorted, 0.98)];
  const middle = high - low;
  const isMany = ys.length > FEW;
  const isWide = isMany && middle > 0 && all[1] - all[0] > 4 * middle;
  const sizes = ys
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort();
  return {
    all,
    linear: isWide
      ? [Math.max(all[0], low - middle / 2), Math.min(all[1], high + middle / 2)]
      : all,
    log: isMany ? [at(sorted, 0.005), at(sorted, 0.995)] : all,
    small: sizes.length > 0 ? at(sizes, 0.01) : Infinity,
  };
}
