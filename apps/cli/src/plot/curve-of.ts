import type { Series } from './metrics.js';
import { smooth, thin, type Points } from './points.js';

/** Parts of a curve that keep two points each: about what the eye can tell apart. */
const COLUMNS = 400;
/** Curves of so many points are drawn as they are by default. */
const FEW = 200;

/**
 * What is drawn of a series.
 *
 * @param amount - how much of an exponential moving average stays at each point, in [0, 1); 0 for the points as they
 * are. Default: an average over about a hundredth of them.
 */
export function curveOf(series: Series | undefined, amount: number | undefined) {
  const raw: Points = (series?.steps ?? []).map((step, i) => [step, series!.values[i]] as const);
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
  /** The same without a few extremes, where they would take most of a linear axis for themselves. */
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
