import { describe, expect, it } from 'vitest';
import { metricsLine } from './metrics-log.js';
import { drawMetrics } from './plot/plot-runs.js';

describe('metrics of a run', () => {
  const kernel = { before: 1.2, after: undefined, spectrum: Float64Array.of(1.2, 0.5) };
  const clipping = { kernels: [{ name: 'conv0/kernel', ...kernel }], gammas: [], skipped: [] };
  const lines = [1, 2, 3, 4, 5].map((step) =>
    metricsLine(
      { step, value: step, real: 2 * step, fake: step, ...(step === 5 && { clipping }) },
      0.12345678,
    ),
  );

  it('keep of a step what metrics.jsonl shows', () => {
    expect(lines[4]).toEqual({
      step: 5,
      value: 5,
      real: 10,
      fake: 5,
      seconds: 0.1235,
      singularValues: { conv0: 1.2 },
    });
  });

  it('are drawn, also those of one step, of none, and those that are no numbers', () => {
    const svg = drawMetrics('a <run>', lines);
    expect(svg).toContain('a &lt;run&gt;');
    for (const title of ['V = mean', 'Mean scores', 'Largest singular value']) {
      expect(svg).toContain(title);
    }
    for (const some of [lines.slice(0, 1), [], [{ ...lines[0], value: NaN }]]) {
      expect(drawMetrics('run', some)).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});
