import { describe, expect, it } from 'vitest';
import { label, linearAxis, logAxis } from './axes.js';
import { drawCurves } from './curves.js';
import { Metrics } from './metrics-file.js';
import { metricNames, runPanels, type NamedRun } from './panels.js';

/** A run of so many steps whose V is as given. */
function runOf(name: string, steps: number, value: (step: number) => number): NamedRun {
  const metrics = new Metrics();
  for (let step = 1; step <= steps; step++) {
    metrics.add({
      ...{ step, value: value(step), real: 1, fake: 0, seconds: 0.1 },
      ...(step % 5 === 0 && { singularValues: { conv0: 1 + 1 / step, conv1: 1.5 } }),
    });
  }
  return { name, metrics };
}

describe('runPanels', () => {
  const one = runOf('one', 20, (step) => step);
  const two = runOf('two', 10, (step) => -step);

  it('tells the curves of one run apart by color', () => {
    const panels = runPanels([one]);
    expect(panels.map(({ title }) => title)).toEqual([
      'V = mean D(x) - mean D(G(z))',
      'Mean scores',
      'Largest singular value before clipping',
    ]);
    expect(panels[1].curves.map(({ name, color }) => [name, color])).toEqual([
      ['real clips', 0],
      ['generated clips', 1],
    ]);
  });

  it('overlays runs by color, and gives groups a panel a run with the same axis', () => {
    const panels = runPanels([one, two]);
    expect(panels).toHaveLength(4);
    expect(panels[0].curves.map(({ name, color }) => [name, color])).toEqual([
      ['one', 0],
      ['two', 1],
    ]);
    expect(panels[1].curves.map(({ name, dashed }) => [name, dashed])).toEqual([
      ['one', false],
      ['one', true],
      ['two', false],
      ['two', true],
    ]);
    expect(panels[1].note).toBe('solid: real clips; dashed: generated clips');
    expect(panels[1].legend!.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(panels[2].title).toMatch(/: one$/);
    expect(panels[2].range).toEqual([1, 1.5]);
    expect(panels[3].range).toEqual(panels[2].range);
  });

  it('draws two groups together, solid and dashed', () => {
    const metrics = new Metrics();
    metrics.add({ step: 1, operatorNorms: { a: 2, b: 3 }, kernelNorms: { a: 1, b: 1.5 } });
    const [panel] = runPanels([{ name: 'run', metrics }]);
    expect(panel.title).toBe("Norms of the critic's layers");
    expect(panel.note).toBe('solid: on the whole input; dashed: of the kernel alone');
    expect(panel.curves.map(({ name, color, dashed }) => [name, color, dashed])).toEqual([
      ['a', 0, false],
      ['b', 1, false],
      ['a', 0, true],
      ['b', 1, true],
    ]);
    expect(panel.legend!.map(({ name }) => name)).toEqual(['a', 'b']);
    const [alone] = runPanels([{ name: 'run', metrics }], { metrics: ['kernelNorms'] });
    expect(alone.curves).toHaveLength(2);
  });

  it('draws the metrics that are asked for, and names those there are for others', () => {
    expect(metricNames([one])).toEqual([
      ...['value', 'scores', 'singularValues', 'real', 'fake', 'seconds'],
    ]);
    const [panel, ...others] = runPanels([one], { metrics: ['seconds'] });
    expect(panel.title).toBe('Seconds a step');
    expect(others).toEqual([]);
    expect(() => runPanels([one], { metrics: ['loss'] })).toThrow(
      /no metric "loss"; choose from: value, scores, singularValues, real/,
    );
  });

  it('has a place on a log axis for every value, of either sign', () => {
    const mixed = runOf('mixed', 10, (step) => (step % 2 ? 10 ** step : -step));
    const [panel] = runPanels([mixed, two], { metrics: ['value'], log: true });
    expect(panel.curves.map(({ points }) => points.length)).toEqual([10, 10]);
    expect(panel).toMatchObject({ range: [-10, 1e9], logFrom: 1 });
    expect(panel.note).toBe('log axis, linear around 0 up to 1');
    expect(drawCurves('log', [panel])).not.toMatch(/NaN|undefined|Infinity/);
    const nothing = runPanels([runOf('none', 3, () => NaN)], { metrics: ['value'], log: true });
    expect(drawCurves('log', nothing)).not.toMatch(/NaN|undefined|Infinity/);
    const zero = runPanels([runOf('zero', 3, () => 0)], { metrics: ['value'], log: true });
    expect(drawCurves('log', zero)).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('begins equal factors at the size of all but a hundredth of the values of each run', () => {
    const steady = runOf('steady', 200, (step) => (step === 9 ? 1e-20 : 5 + step));
    const small = runOf('small', 200, (step) => step * 1e-3);
    const [panel] = runPanels([steady, small], { metrics: ['value'], log: true });
    expect(panel.logFrom).toBe(1e-3);
    const [narrow] = runPanels([one, steady], { metrics: ['real'], log: true });
    expect(narrow.logFrom).toBeUndefined();
  });

  it('leaves a few extremes beyond a linear axis, and says so', () => {
    const spike = runOf('spike', 1000, (step) => (step < 4 ? 1000 : step / 1000));
    const [panel] = runPanels([spike], { metrics: ['value'], smooth: 0 });
    expect(panel.range[1]).toBeLessThan(3);
    expect(panel.range[1]).toBeGreaterThanOrEqual(1);
    expect(panel.note).toBe('a few extremes are beyond the axis');
    const growth = runOf('growth', 1000, (step) => Math.exp(step / 100));
    expect(runPanels([growth], { metrics: ['value'], smooth: 0 })[0].range[1]).toBe(Math.exp(10));
  });

  it('averages long curves over a hundredth of their points by default', () => {
    const long = runOf('long', 10_000, (step) => (step % 2 ? 1 : -1));
    const [value] = runPanels([long]);
    expect(value.note).toMatch(/^averaged over about 1% of the steps/);
    expect(Math.abs(value.curves[0].points.at(-1)![1])).toBeLessThan(0.01);
    expect(runPanels([long], { smooth: 0 })[0].curves[0].behind).toBeUndefined();
    expect(runPanels([runOf('short', 200, (step) => step)])[0].note).toBeUndefined();
  });

  it('shows smoothed curves before the measured ones', () => {
    const noisy = runOf('noisy', 100, (step) => (step % 2 ? 1 : -1));
    const [panel] = runPanels([noisy], { metrics: ['value'], smooth: 0.9 });
    expect(panel.note).toBe('smoothed by 0.9');
    expect(panel.curves[0].behind!.map(([, y]) => y)).toEqual(
      noisy.metrics.get('value').get('value')!.values,
    );
    expect(Math.abs(panel.curves[0].points.at(-1)![1])).toBeLessThan(0.1);
  });
});

describe('drawCurves', () => {
  it('makes a small picture of 100,000 steps', () => {
    const runs = ['a', 'b', 'c'].map((name, n) =>
      runOf(name, 100_000, (i) => Math.sin(i * 9 ** n)),
    );
    const svg = drawCurves('three runs', runPanels(runs, { smooth: 0.9 }));
    expect(svg.length).toBeLessThan(400_000);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('escapes names, and what XML cannot hold', () => {
    const svg = drawCurves('<a> & \u0000\ud800', [
      {
        ...{ title: '"<b>"', note: '<c>', range: [0, 1] },
        curves: [{ name: '<d>', color: 0, points: [[1, 1]] }],
      },
    ]);
    expect(svg).toContain('&lt;a&gt; &amp; \ufffd\ufffd');
    expect(svg).not.toMatch(/<[abcd]>/);
  });

  it('breaks long notes into lines', () => {
    const panel = { title: '', range: [0, 1] as const, curves: [] };
    const notes = ['averaged over about 1% of the steps', 'log axis, linear around 0 up to 1e-5'];
    const note = [...notes, 'a few extremes are beyond the axis'].join('; ');
    const lines = [
      ...drawCurves('', [{ ...panel, note }, panel]).matchAll(/class="note"[^>]*>([^<]*)/g),
    ];
    expect(lines.map(([, text]) => text).filter((text) => text !== 'step')).toEqual([
      ...notes,
      'a few extremes are beyond the axis',
    ]);
  });

  it('puts long legends into several rows, and makes the panels higher for these', () => {
    const draw = (count: number) => {
      const curves = Array.from({ length: count }, (_, color) => ({
        ...{ name: `a run's name ${color}`, color, points: [[1, 1] as const] },
      }));
      const svg = drawCurves('', [{ title: '', range: [0, 1], curves }]);
      const rows = [...svg.matchAll(/d="M\d+,(\d+)h20"/g)].map(([, y]) => y);
      return { rows: new Set(rows).size, height: Number(/height="(\d+)"/.exec(svg)![1]) };
    };
    const [few, many] = [draw(4), draw(9)];
    expect([few.rows, many.rows]).toEqual([2, 5]);
    expect(many.height - few.height).toBe(3 * 22);
  });

  it('draws panels below each other, and more than two in two columns', () => {
    const panel = { title: '', range: [0, 1] as const, curves: [] };
    const places = (count: number, beside?: number) => {
      const svg = drawCurves('', new Array(count).fill(panel), beside);
      return [...svg.matchAll(/<g transform="translate\((\d+) \d+\)">\n<text x="16" y="14"/g)].map(
        ([, x]) => Number(x),
      );
    };
    expect(places(1)).toEqual([0]);
    expect(places(2)).toEqual([0, 0]);
    expect(places(3)).toEqual([0, 540, 0]);
    expect(places(2, 2)).toEqual([0, 540]);
  });

  it('has colors for a dark page, which a page that holds the picture may overrule', () => {
    const svg = drawCurves('', []);
    expect(svg).toContain('class="curves"');
    const style = /<style>([^<]*)<\/style>/.exec(svg)![1];
    expect(style).toMatch(/^@media \(prefers-color-scheme: dark\)/);
    // Selectors without weight, so that any rule of the page wins.
    const rules = style.split('\n').filter((line) => line.includes('{ '));
    expect(rules.every((rule) => rule.startsWith(':where(.curves) '))).toBe(true);
  });
});

describe('axes', () => {
  it.each([
    [0.25, '0.25'],
    [20_000, '20k'],
    [0.30000000000000004, '0.3'],
    [1e-6, '1e-6'],
    [2.5e7, '2.5e7'],
    [0, '0'],
    [-1500, '-1500'],
  ])('name %d as %s', (value, text) => {
    expect(label(value)).toBe(text);
  });

  it('begin and end where the pixels do', () => {
    const linear = linearAxis([0, 10], [0, 100], 5);
    expect(linear.ticks.map(({ at, label }) => [at, label])).toEqual([
      ...[
        [0, '0'],
        [20, '2'],
        [40, '4'],
        [60, '6'],
        [80, '8'],
        [100, '10'],
      ],
    ]);
  });

  it.each([
    [[1e-6, 1e6], 1e-6],
    [[2, 30], 1],
    [[-5, 1e4], 1e-3],
    [[-1e9, -1e-9], 1e-9],
    [[0, 0.5], 1e-5],
    [[-1e-8, 1e-8], 1e-2],
    [[1e-300, 1e300], 1e290],
  ])('with equal factors cover %j and have ticks that can be read', ([low, high], from) => {
    const { place, ticks } = logAxis([low, high], [300, 0], from);
    expect(place(low)).toBeLessThanOrEqual(300);
    expect(place(high)).toBeGreaterThanOrEqual(0);
    expect(place(low)).toBeGreaterThan(place(high));
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    const places = ticks.map(({ at }) => at).sort((a, b) => a - b);
    places.slice(1).forEach((at, i) => expect(at - places[i]).toBeGreaterThanOrEqual(24));
    for (const { at } of ticks) expect(at >= 0 && at <= 300).toBe(true);
  });
});
