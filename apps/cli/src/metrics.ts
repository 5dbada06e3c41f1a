import type { StepMetrics } from '@tgan/wgan-trainer';
import type { Panel } from './curves.js';

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

/** The panels that curves.svg shows of a run. */
export function metricsCurves(lines: readonly MetricsLine[]): Panel[] {
  const of = (key: 'value' | 'real' | 'fake') =>
    lines.map((line) => [line.step, line[key]] as const);
  const clipped = lines.filter((line) => line.singularValues);
  const kernels = Object.keys(clipped[0]?.singularValues ?? {});
  return [
    {
      title: 'V = mean D(x) - mean D(G(z))',
      curves: [{ name: 'V', points: of('value') }],
    },
    {
      title: 'Mean scores',
      curves: [
        { name: 'real clips', points: of('real') },
        { name: 'generated clips', points: of('fake') },
      ],
    },
    ...(kernels.length > 0 ? [singularValuePanel(clipped, kernels)] : []),
  ];
}

function singularValuePanel(lines: readonly MetricsLine[], kernels: readonly string[]): Panel {
  return {
    title: 'Largest singular value before clipping to 1',
    curves: kernels.map((kernel) => ({
      name: kernel,
      points: lines.map(({ step, singularValues }) => [step, singularValues![kernel]] as const),
    })),
  };
}
