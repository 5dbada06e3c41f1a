import { UsageError } from '../errors.js';
import { label } from './axes.js';
import type { Curve, Panel } from './curves.js';
import type { Metrics } from './metrics-file.js';
import { curveOf, extent } from './points.js';

/** The name and the metrics of a run. */
export interface NamedRun {
  readonly name: string;
  readonly metrics: Metrics;
}

/** How runs are drawn. */
export interface PlotOptions {
  /** The metrics to draw, see {@link metricNames}. Default: all usual ones that the runs have. */
  readonly metrics?: readonly string[];
  /** Decay of a moving average, see {@link curveOf}. */
  readonly smooth?: number;
  /** Whether the y axes are logarithmic. */
  readonly log?: boolean;
}

/** What is said of a metric. */
interface Look {
  readonly title: string;
  /** Two metrics, or two groups, that share a panel, with what each is called. */
  readonly together?: Readonly<Record<string, string>>;
  /** A value that is marked: the bound that clipping keeps. */
  readonly mark?: number;
}

const looks: Readonly<Record<string, Look>> = {
  value: { title: 'V = mean D(x) - mean D(G(z))' },
  scores: { title: 'Mean scores', together: { real: 'real clips', fake: 'generated clips' } },
  singularValues: { title: 'Largest singular value before clipping', mark: 1 },
  norms: {
    title: "Norms of the critic's layers",
    together: { operatorNorms: 'on the whole input', kernelNorms: 'of the kernel alone' },
    mark: 1,
  },
  operatorNorms: { title: "Norms of the critic's layers on their whole input", mark: 1 },
  kernelNorms: { title: "Largest singular values of the critic's kernels", mark: 1 },
  distance: { title: 'Distance of generated from real clips (sliced Wasserstein)' },
  frechetDistance: { title: 'Frechet distance (FVD) of generated from real clips' },
  readable: { title: 'Legibility, identity, and straight or bouncing motion' },
  real: { title: 'Mean score of real clips' },
  fake: { title: 'Mean score of generated clips' },
  seconds: { title: 'Seconds a step' },
};
const lookOf = (name: string): Look => (Object.hasOwn(looks, name) ? looks[name] : { title: name });
const usual = [
  ...['value', 'scores', 'distance', 'frechetDistance', 'readable'],
  ...['singularValues', 'norms'],
];

/** The names of all metrics that can be drawn for some runs. */
export function metricNames(runs: readonly NamedRun[]): string[] {
  const measured = new Set(runs.flatMap(({ metrics }) => metrics.names));
  const parts = (name: string) => Object.keys(lookOf(name).together ?? { [name]: '' });
  return [...new Set([...usual, ...measured])].filter((name) =>
    parts(name).every((part) => measured.has(part)),
  );
}

/**
 * The panels of runs. The curves of one run differ in color. Several runs are overlaid, with one
 * color per run. A group of metrics, such as the singular values of each kernel, gets a panel for
 * each run then.
 *
 * @throws UsageError when no run has a requested metric.
 */
export function runPanels(runs: readonly NamedRun[], options: PlotOptions = {}): Panel[] {
  const names = metricNames(runs);
  const wanted = options.metrics ?? usual.filter((name) => names.includes(name));
  return wanted.flatMap((name) => {
    if (!names.includes(name)) {
      throw new UsageError(`there is no metric "${name}"; choose from: ${names.join(', ')}`);
    }
    const look = lookOf(name);
    const [part] = Object.keys(look.together ?? { [name]: '' });
    const isGroup = runs.every(({ metrics }) => !metrics.get(part).has(part));
    return isGroup ? groupPanels(name, look, runs, options) : overlay(name, look, runs, options);
  });
}

/** One metric of all runs, or a few that belong together. */
function overlay(name: string, look: Look, runs: readonly NamedRun[], options: PlotOptions): Panel {
  const single = runs.length === 1;
  const parts = Object.entries(look.together ?? { [name]: '' });
  const curves = runs.flatMap((run, r) =>
    parts.map(([metric, part], p) => ({
      ...curveOf(run.metrics.get(metric).get(metric), options.smooth),
      name: single ? part : run.name,
      color: single ? p : r,
      dashed: !single && p > 0,
    })),
  );
  const panel = panelOf(look.title, curves, look, options);
  if (single || !look.together) return panel;
  return solidAndDashed(panel, look);
}

/** Says what solid and dashed curves are, and names the solid ones alone. */
function solidAndDashed(panel: Panel, { together = {} }: Look): Panel {
  const [solid, dashed] = Object.values(together);
  const note = [`solid: ${solid}; dashed: ${dashed}`, ...(panel.note ? [panel.note] : [])].join(
    '; ',
  );
  return { ...panel, note, legend: panel.curves.filter((curve) => !curve.dashed) };
}

/** A panel for each run that has the group, with the same y axis. */
function groupPanels(
  name: string,
  look: Look,
  runs: readonly NamedRun[],
  options: PlotOptions,
): Panel[] {
  const curvesOf = ({ metrics }: NamedRun) =>
    Object.keys(look.together ?? { [name]: '' }).flatMap((group, g) =>
      [...metrics.get(group)].map(([part, series], color) => ({
        ...curveOf(series, options.smooth),
        ...{ name: part, color, dashed: g > 0 },
      })),
    );
  const drawn = runs.map((run) => ({ run, curves: curvesOf(run) }));
  const shown = drawn.filter(({ curves }) => curves.length > 0);
  const all = shown.flatMap(({ curves }) => curves);
  return shown.map(({ run, curves }) => {
    const title = runs.length === 1 ? look.title : `${look.title}: ${run.name}`;
    const panel = { ...panelOf(title, all, look, options), curves };
    return look.together ? solidAndDashed(panel, look) : panel;
  });
}

type Drawn = Curve & ReturnType<typeof curveOf>;

function panelOf(
  title: string,
  curves: readonly Drawn[],
  { mark }: Look,
  { smooth, log }: PlotOptions,
): Panel {
  const averaged = curves.some(({ behind }) => behind);
  const values = (part: 'all' | 'linear' | 'log') => curves.flatMap(({ scale }) => scale[part]);
  const range = extent([...values(log ? 'log' : 'linear'), ...(mark ? [mark] : [])]);
  // Over less than one power of ten equal steps show the same, and can be read.
  const logFrom = log && !(range[0] > 0 && range[1] < 10 * range[0]) && logBegin(curves);
  const beyond = values('all').some((value) => value < range[0] || value > range[1]);
  const notes = [
    averaged && (smooth ? `smoothed by ${smooth}` : 'averaged over about 1% of the steps'),
    logFrom && `log axis, linear around 0 up to ${label(logFrom)}`,
    beyond && 'a few extremes are beyond the axis',
  ];
  const note = notes.filter(Boolean).join('; ');
  return {
    ...{ title, curves, range },
    ...(logFrom && { logFrom }),
    ...(note && { note }),
    ...(mark && { mark }),
  };
}

/**
 * Where equal factors begin: at the smallest values that matter, but at most ten powers of ten
 * below the largest.
 */
function logBegin(curves: readonly Drawn[]): number {
  const largest = Math.max(...curves.flatMap(({ scale }) => scale.all.map(Math.abs)));
  const smallest = Math.min(...curves.map(({ scale }) => scale.small));
  if (!Number.isFinite(smallest)) return 1;
  return Number(`1e${Math.max(-300, Math.floor(Math.log10(Math.max(smallest, largest * 1e-10))))}`);
}
