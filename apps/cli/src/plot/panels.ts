import { UsageError } from '../errors.js';
import type { Curve, Panel } from './curves.js';
import type { Metrics, Series } from './metrics.js';
import { extent, smooth, thin, type Points } from './points.js';

/** The metrics of a run, and what it is called. */
export interface NamedRun {
  readonly name: string;
  readonly metrics: Metrics;
}

/** How curves are drawn. */
export interface PlotOptions {
  /** What to draw, see {@link metricNames}. Default: all of the usual that the runs have. */
  readonly metrics?: readonly string[];
  /** How much of an exponential moving average stays at each point, in [0, 1). Default 0: as measured. */
  readonly smooth?: number;
  /** Whether the y axes have equal factors. */
  readonly log?: boolean;
}

/** Parts of a curve that keep two points each: about what the eye can tell apart. */
const COLUMNS = 400;

/** What is drawn of a metric. */
interface Look {
  readonly title: string;
  /** Metrics that share a panel, with what each is called. */
  readonly together?: Readonly<Record<string, string>>;
  readonly mark?: number;
}

const looks: Readonly<Record<string, Look>> = {
  value: { title: 'V = mean D(x) - mean D(G(z))' },
  scores: { title: 'Mean scores', together: { real: 'real clips', fake: 'generated clips' } },
  singularValues: { title: 'Largest singular value before clipping', mark: 1 },
  operatorNorms: { title: 'Operator norm', mark: 1 },
  real: { title: 'Mean score of real clips' },
  fake: { title: 'Mean score of generated clips' },
  seconds: { title: 'Seconds a step' },
};
const usual = ['value', 'scores', 'singularValues', 'operatorNorms'];

/** The names of what can be drawn of some runs. */
export function metricNames(runs: readonly NamedRun[]): string[] {
  const measured = new Set(runs.flatMap(({ metrics }) => metrics.names));
  const parts = (name: string) => Object.keys(looks[name]?.together ?? { [name]: '' });
  return [...new Set([...usual, ...measured])].filter((name) =>
    parts(name).every((part) => measured.has(part)),
  );
}

/**
 * The panels that show some runs: curves of one run told apart by colour; those of several overlaid, a colour a run. A
 * group of metrics, such as the singular values of each kernel, gets a panel for each run then.
 *
 * @throws UsageError when no run has a metric that is asked for.
 */
export function runPanels(runs: readonly NamedRun[], options: PlotOptions = {}): Panel[] {
  const names = metricNames(runs);
  const wanted = options.metrics ?? usual.filter((name) => names.includes(name));
  return wanted.flatMap((name) => {
    if (!names.includes(name)) {
      throw new UsageError(`there is no metric "${name}"; there is: ${names.join(', ')}`);
    }
    const look = looks[name] ?? { title: name };
    const isGroup = runs.every(({ metrics }) => !metrics.get(name).has(name));
    if (look.together) return togetherPanel(look, look.together, runs, options);
    return isGroup ? groupPanels(name, look, runs, options) : overlay(name, look, runs, options);
  });
}

/** One metric of all runs. */
function overlay(name: string, look: Look, runs: readonly NamedRun[], options: PlotOptions): Panel {
  const single = runs.length === 1;
  const curves = runs.map((run, colour) => {
    const series = run.metrics.get(name).get(name);
    return { ...curveOf(series, options), name: single ? '' : run.name, colour };
  });
  return panelOf(look.title, curves, look, options);
}

/** Some metrics of all runs in one panel: the first of them solid, the others dashed where colours tell runs apart. */
function togetherPanel(
  { title }: Look,
  together: Readonly<Record<string, string>>,
  runs: readonly NamedRun[],
  options: PlotOptions,
): Panel {
  const parts = Object.entries(together);
  const single = runs.length === 1;
  const curves = runs.flatMap(({ name, metrics }, r) =>
    parts.map(([metric, part], p) => ({
      ...curveOf(metrics.get(metric).get(metric), options),
      name: single ? part : `${name}, ${part}`,
      colour: single ? p : r,
      dashed: !single && p > 0,
    })),
  );
  return panelOf(title, curves, {}, options);
}

/** A panel for each run, with the same y axis. */
function groupPanels(
  name: string,
  look: Look,
  runs: readonly NamedRun[],
  options: PlotOptions,
): Panel[] {
  const panels = runs.map((run) => {
    const curves = [...run.metrics.get(name)].map(([part, series], colour) => ({
      ...curveOf(series, options),
      ...{ name: part, colour },
    }));
    const title = runs.length === 1 ? look.title : `${look.title}: ${run.name}`;
    return panelOf(title, curves, look, options);
  });
  const shown = panels.filter(({ curves }) => curves.length > 0);
  const values = shown.flatMap(({ curves }) => curves.flatMap((c) => c.points.map(([, y]) => y)));
  const range = extent([...values, ...(look.mark === undefined ? [] : [look.mark])]);
  return shown.map((panel) => ({ ...panel, range }));
}

function panelOf(
  title: string,
  curves: readonly (Curve & { readonly left: number })[],
  { mark }: Pick<Look, 'mark'>,
  { log = false, smooth: amount = 0 }: PlotOptions,
): Panel {
  const left = curves.reduce((sum, curve) => sum + curve.left, 0);
  const notes = [
    amount > 0 && `smoothed by ${amount}`,
    left > 0 && `${left.toLocaleString('en')} values of 0 or less are not on the log axis`,
  ];
  const note = notes.filter(Boolean).join('; ');
  return { title, curves, log, ...(note && { note }), ...(mark !== undefined && { mark }) };
}

/** The points of a curve, and how many could not be drawn. */
function curveOf(series: Series | undefined, { smooth: amount = 0, log }: PlotOptions) {
  const raw: Points = (series?.steps ?? []).map((step, i) => [step, series!.values[i]] as const);
  const line = amount > 0 ? smooth(raw, amount) : raw;
  const drawable = (points: Points) => (log ? points.filter(([, y]) => !(y <= 0)) : points);
  const shown = drawable(line);
  return {
    points: thin(shown, COLUMNS),
    ...(amount > 0 && { behind: thin(drawable(raw), COLUMNS) }),
    left: line.length - shown.length,
  };
}
