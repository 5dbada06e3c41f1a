import { UsageError } from '../errors.js';
import type { Curve, Panel } from './curves.js';
import { curveOf, type CurveLook } from './curve-of.js';
import type { Metrics } from './metrics.js';
import { extent } from './points.js';

/** The metrics of a run, and what it is called. */
export interface NamedRun {
  readonly name: string;
  readonly metrics: Metrics;
}

/** How runs are drawn. */
export interface PlotOptions extends CurveLook {
  /** What to draw, see {@link metricNames}. Default: all of the usual that the runs have. */
  readonly metrics?: readonly string[];
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
  real: { title: 'Mean score of real clips' },
  fake: { title: 'Mean score of generated clips' },
  seconds: { title: 'Seconds a step' },
};
const usual = ['value', 'scores', 'distance', 'singularValues', 'norms'];

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
      ...curveOf(run.metrics.get(metric).get(metric), options),
      name: single ? part : run.name,
      colour: single ? p : r,
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

/** A panel for each run, with the same y axis. */
function groupPanels(
  name: string,
  look: Look,
  runs: readonly NamedRun[],
  options: PlotOptions,
): Panel[] {
  const panels = runs.map((run) => {
    const curves = Object.keys(look.together ?? { [name]: '' }).flatMap((group, g) =>
      [...run.metrics.get(group)].map(([part, series], colour) => ({
        ...curveOf(series, options),
        ...{ name: part, colour, dashed: g > 0 },
      })),
    );
    const title = runs.length === 1 ? look.title : `${look.title}: ${run.name}`;
    const panel = panelOf(title, curves, look, options);
    return look.together ? solidAndDashed(panel, look) : panel;
  });
  const shown = panels.filter(({ curves }) => curves.length > 0);
  const range = extent(shown.flatMap((panel) => panel.range));
  return shown.map((panel) => ({ ...panel, range }));
}

type Drawn = Curve & ReturnType<typeof curveOf>;

function panelOf(
  title: string,
  curves: readonly Drawn[],
  { mark }: Look,
  { log = false, smooth }: PlotOptions,
): Panel {
  const left = curves.reduce((sum, { leftOut }) => sum + leftOut, 0);
  const averaged = curves.some(({ behind }) => behind);
  const notes = [
    averaged && (smooth ? `smoothed by ${smooth}` : 'averaged over about 1% of the steps'),
    left > 0 && `${left.toLocaleString('en')} values of 0 or less are not on the log axis`,
  ];
  const note = notes.filter(Boolean).join('; ');
  const covered = curves.flatMap(({ range }) => range);
  return {
    ...{ title, curves, log },
    range: log && covered.length === 0 ? [1, 10] : extent([...covered, ...(mark ? [mark] : [])]),
    ...(note && { note }),
    ...(mark && { mark }),
  };
}
