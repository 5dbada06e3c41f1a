import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';
import {
  comparisonTable,
  modelCardJson,
  modelCardMarkdown,
  scoresOverSeeds,
  scoreTable,
} from './model-card.js';
import type { EvaluationReport } from './report.js';
import { toyClips, toyExtractor } from './testing/toy-extractor.js';

const judge = (seed: number, options = {}) =>
  evaluate({
    extractor: toyExtractor(4, 2),
    data: { name: 'toy', split: 'all' },
    options: { count: 40, replicates: 4, seed, ...options },
    generated: toyClips(10 + seed, 40, 4, 40),
    reference: toyClips(1, 80, 4, 40),
  });

let reports: EvaluationReport[];
beforeAll(async () => {
  reports = [await judge(0), await judge(1), await judge(2)];
});

/** The cells of a Markdown table. */
const cellsOf = (table: string) => table.split('\n').map((line) => line.slice(2, -2).split(' | '));

describe('tables', () => {
  it('show every score beside that of real clips, with intervals', () => {
    const [titles, , ...rows] = cellsOf(scoreTable(reports[0]));
    expect(titles).toEqual(['score', 'generated clips', 'real clips', 'clips', 'better']);
    const scores = Object.values(reports[0].scores);
    expect(rows.map(([label]) => label)).toEqual(scores.map(({ label }) => label));
    rows.forEach(([, generated, real], i) => {
      const numbers = (text: string) => text.match(/-?[\d.]+(e[-+]\d+)?/g)!.map(Number);
      const { value, interval } = scores[i];
      expect(numbers(generated)).toEqual([value, ...interval!].map((x) => +x.toPrecision(3)));
      expect(numbers(real)[0]).toBe(+scores[i].real!.value.toPrecision(3));
    });
  });

  it('compare models that were judged alike, and refuse others', async () => {
    const alike = [await judge(0), await judge(0)];
    const [titles, , ...rows] = cellsOf(comparisonTable({ svc: alike[0], 'a | b': alike[1] }));
    expect(titles.slice(0, 3)).toEqual([
      'model',
      'Frechet distance (FVD) ↓',
      'kernel distance (KVD) ↓',
    ]);
    expect(rows.map(([name]) => name)).toEqual(['svc', 'a \\| b', 'real clips']);
    const other = await judge(0, { count: 30, real: false, replicates: 0 });
    expect(() => comparisonTable({ svc: reports[0], vgan: other })).toThrow(
      /^svc and vgan: these scores cannot be compared: count: 40 against 30; referenceCount: 40 against 30$/,
    );
    expect(cellsOf(scoreTable(other))[2][2]).toBe('–');
    expect(() => comparisonTable({})).toThrow(/no report/);
  });

  it('average over seeds', async () => {
    const { inceptionScore } = scoresOverSeeds(reports);
    const values = reports.map(({ scores }) => scores.inceptionScore.value);
    expect(inceptionScore.values).toEqual(values);
    const mean = (values[0] + values[1] + values[2]) / 3;
    expect(inceptionScore.mean).toBeCloseTo(mean, 12);
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(inceptionScore.deviation).toBeCloseTo(Math.sqrt(squares / 2), 12);
    expect(() => scoresOverSeeds([reports[0]])).toThrow(/at least 2 reports, got 1/);
    expect(() => scoresOverSeeds([reports[0], reports[0]])).toThrow(/same seed: 0, 0/);
    const other = await judge(5, { neighbors: 3 });
    expect(() => scoresOverSeeds([reports[0], other])).toThrow(/compared: neighbors: 5 against 3$/);
  });
});

describe('a model card', () => {
  const card = () => ({
    name: 'moving digits',
    description: 'Makes videos of two digits.',
    training: { model: 'tgan', steps: 1000 },
    evaluation: reports[0],
    limits: ['It knows no letters.'],
  });

  it('is a Markdown page', () => {
    const page = modelCardMarkdown(card());
    expect(page).toContain(
      '# moving digits\n\nMakes videos of two digits.\n\n## How it was made\n',
    );
    expect(page).toContain('| steps | 1000 |');
    expect(page).toContain(scoreTable(reports[0]));
    expect(page).toContain('| clips | 40 generated, 40 real |');
    expect(page).toContain(`| its SHA-256 | ${reports[0].record.extractorSha256} |`);
    expect(page).toContain('## What it cannot do\n\n- It knows no letters.\n');
    for (const warning of reports[0].warnings) expect(page).toContain(`- ${warning}\n`);
    expect(modelCardMarkdown({ ...card(), limits: [] })).not.toContain('cannot do');
  });

  it('is JSON that holds the report', () => {
    expect(JSON.parse(modelCardJson(card()))).toEqual({
      format: 'tgan-model-card',
      version: 1,
      ...card(),
    });
  });
});
