import type { Series } from './metrics.js';
import { smooth, thin, type Points } from './points.js';

/** How the points of a curve are drawn. */
export interface CurveLook {
  /**
   * How much of an exponential moving average stays at each point, in [0, 1); 0 for the points as they are. Default: an
   * average over about a hundredth of them.
   */
  readonly smooth?: number;
  /** Whether the y axis has equal factors, so that there is no place for 0 and below. */
  readonly log?: boolean;
}

/** Parts of a curve that keep two points each: about what the eye can tell apart. */
const COLUMNS = 400;
/** Curves of so many points are drawn as they are by default. */
const FEW = 200;

/** What is drawn of a series. */
export function curveOf(series: Series | undefined, { smooth: amount, log }: CurveLook) {
  const raw: Points = (series?.steps ?? []).map((step, i) => [step, series!.values[i]] as const);
  const stays = amount ?? (raw.length <= FEW ? 0 : 1 - 100 / raw.length);
  const line = stays > 0 ? smooth(raw, stays) : raw;
  const drawable = (points: Points) => (log ? points.filter(([, y]) => !(y <= 0)) : points);
  const shown = drawable(line);
  return {
    points: thin(shown, COLUMNS),
    ...(stays > 0 && { behind: thin(drawable(raw), COLUMNS) }),
    /** What the y axis should cover; nothing where there is nothing to draw. */
    range: rangeOf(
      shown.map(([, y]) => y),
      log,
    ),
    /** How many points have no place on the axis. */
    leftOut: line.length - shown.length,
  };
}

/** The whole range; on a log axis without the lowest hundredth, which near 0 would take most of the axis for itself. */
function rangeOf(ys: readonly number[], log: boolean | undefined): number[] {
  const sorted = Float64Array.from(ys.filter(Number.isFinite)).sort();
  if (sorted.length === 0) return [];
  return [sorted[log ? Math.floor(sorted.length / 100) : 0], sorted[sorted.length - 1]];
}
