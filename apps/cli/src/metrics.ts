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
  /** On steps that measure them: the operator norm of each of the critic's layers. */
  readonly operatorNorms?: Record<string, number>;
}

/** What metrics.jsonl keeps of a step. */
export function metricsLine(
  { step, value, real, fake, clipping }: StepMetrics,
  seconds: number,
): MetricsLine {
  const base = { step, value, real, fake, seconds: Number(seconds.toFixed(4)) };
  if (!clipping) return base;
  const singularValues = clipping.kernels.map(({ name, before }) => [name.split('/')[0], before]);
  return { ...base, singularValues: Object.fromEntries(singularValues) };
}

/** Draws the metrics of a run, as curves.svg shows them. */
export function drawMetrics(name: string, lines: readonly MetricsLine[]): string {
  const metrics = new Metrics();
  for (const line of lines) metrics.add(line);
  return drawCurves(name, runPanels([{ name, metrics }]));
}
