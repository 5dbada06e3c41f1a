import type { LayerNorms } from '@tgan/svc-constraint';
import type { StepMetrics } from '@tgan/wgan-trainer';
import { drawCurves } from './plot/curves.js';
import { Metrics } from './plot/metrics.js';
import { runPanels } from './plot/panels.js';

/** One line of metrics.jsonl. */
export interface MetricsLine {
  readonly step: number;
  /** V = real - fake. */
  readonly value: number;
  /** Mean score of the real clips. */
  readonly real: number;
  /** Mean score of the generated clips. */
  readonly fake: number;
  /** Seconds that the step took. */
  readonly seconds: number;
  /** On steps that clip: the largest singular value of each of the critic's kernels before. */
  readonly singularValues?: Record<string, number>;
  /** On steps that draw samples: the norm of each of the critic's layers as an operator on its whole input. */
  readonly operatorNorms?: Record<string, number>;
  /** At the same steps, after all clipping: the largest singular value of each layer's kernel. */
  readonly kernelNorms?: Record<string, number>;
  /** On steps that are kept in a checkpoint: how far generated clips are from real ones, see `ClipDistance`. */
  readonly distance?: number;
}

/** What metrics.jsonl keeps of a step. */
export function metricsLine(
  { step, value, real, fake, clipping }: StepMetrics,
  seconds: number,
  norms: readonly LayerNorms[] = [],
): MetricsLine {
  const byLayer = <T extends { name: string }>(all: readonly T[], of: (one: T) => number) =>
    Object.fromEntries(all.map((one) => [one.name.split('/')[0], of(one)]));
  return {
    ...{ step, value, real, fake, seconds: Number(seconds.toFixed(4)) },
    ...(clipping && { singularValues: byLayer(clipping.kernels, ({ before }) => before) }),
    ...(norms.length > 0 && {
      operatorNorms: byLayer(norms, ({ operator }) => operator),
      kernelNorms: byLayer(norms, ({ kernel }) => kernel),
    }),
  };
}

/** Draws the metrics of a run, as curves.svg shows them. */
export function drawMetrics(name: string, lines: readonly MetricsLine[]): string {
  const metrics = new Metrics();
  for (const line of lines) metrics.add(line);
  return drawCurves(name, runPanels([{ name, metrics }]));
}
