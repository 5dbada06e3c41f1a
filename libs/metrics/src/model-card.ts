import { standardDeviation, type Estimate } from './bootstrap.js';
import { MetricsError } from './errors.js';
import { assertComparable, type ScoreRecord } from './record.js';
import type { EvaluationReport, ReportedScore } from './report.js';

/** What there is to say of a trained model. Plain data. */
export interface ModelCard {
  /** What it is called. */
  readonly name: string;
  /** What it makes, and what it is for, in a sentence or two. */
  readonly description: string;
  /** How it was made: network, data, steps, seed, in the order in which they are shown. */
  readonly training: Readonly<Record<string, string | number | boolean>>;
  /** How good it is. */
  readonly evaluation: EvaluationReport;
  /** What it cannot do, one sentence each. */
  readonly limits?: readonly string[];
}

/** Mean and spread of a score over evaluations with different seeds. */
export interface ScoreOverSeeds {
  /** The mean of the values. */
  readonly mean: number;
  /** Their standard deviation (divided by the number minus one). */
  readonly deviation: number;
  /** The value of each. */
  readonly values: readonly number[];
}

/** A model card as a Markdown page. */
export function modelCardMarkdown(card: ModelCard): string {
  const { name, description, training, evaluation, limits = [] } = card;
  const rows = Object.entries(training).map(([what, value]) => [what, String(value)]);
  const parts = [
    `# ${name}`,
    description,
    '## How it was made',
    table(['what', 'value'], rows),
    '## How good it is',
    scoreTable(evaluation),
    'In brackets: an approximate 95 % interval. Real clips: the same score of further real clips ' +
      'in place of generated ones.',
    bullets(evaluation.warnings),
    '## What the scores depend on',
    table(['what', 'value'], recordRows(evaluation.record)),
    'Scores that were computed otherwise cannot be compared with these.',
    limits.length > 0 ? '## What it cannot do' : '',
    bullets(limits),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** A model card as JSON. */
export function modelCardJson(card: ModelCard): string {
  return `${JSON.stringify({ format: 'tgan-model-card', version: 1, ...card }, null, 2)}\n`;
}

/** The scores of a report as a Markdown table, beside those of real clips. */
export function scoreTable({ scores }: EvaluationReport): string {
  const rows = Object.values(scores).map((score) => [
    score.label,
    shown(score),
    score.real ? shown(score.real) : '–',
    String(score.samples),
    score.better,
  ]);
  return table(['score', 'generated clips', 'real clips', 'clips', 'better'], rows);
}

/**
 * The scores of several models as a Markdown table, one model a row, real clips last.
 *
 * @throws MetricsError when scores were not computed alike, which says what differs.
 */
export function comparisonTable(models: Readonly<Record<string, EvaluationReport>>): string {
  const [first, ...others] = Object.entries(models);
  if (!first) throw new MetricsError('there is no report to compare');
  for (const [name, { record }] of others) {
    try {
      assertComparable(first[1].record, record);
    } catch (error) {
      throw new MetricsError(`${first[0]} and ${name}: ${(error as Error).message}`);
    }
  }
  const columns = [...new Set(Object.values(models).flatMap(({ scores }) => Object.keys(scores)))];
  const find = (name: string) =>
    Object.values(models).find(({ scores }) => scores[name])!.scores[name];
  const row = (title: string, at: (name: string) => Estimate | null | undefined) => [
    title,
    ...columns.map((name) => {
      const found = at(name);
      return found ? shown(found) : '–';
    }),
  ];
  const rows = Object.entries(models).map(([title, { scores }]) =>
    row(title, (name) => scores[name]),
  );
  rows.push(row('real clips', (name) => find(name).real));
  const arrow = ({ better }: ReportedScore) =>
    ({ lower: '↓', higher: '↑', 'as real': '=' })[better];
  const titles = columns.map((name) => `${find(name).label} ${arrow(find(name))}`);
  return table(['model', ...titles], rows);
}

/**
 * Mean and spread of every score over reports that differ in nothing but the seed, such as the four
 * of the Temporal GAN's Inception score.
 *
 * @throws MetricsError when there are fewer than two, they differ in more, or two have the same
 * seed.
 */
export function scoresOverSeeds(
  reports: readonly EvaluationReport[],
): Record<string, ScoreOverSeeds> {
  if (reports.length < 2) {
    throw new MetricsError(`a spread over seeds needs at least 2 reports, got ${reports.length}`);
  }
  const seeds = reports.map(({ record }) => record.seed);
  if (new Set(seeds).size < seeds.length) {
    throw new MetricsError(`two reports have the same seed: ${seeds.join(', ')}`);
  }
  for (const { record } of reports) assertComparable(reports[0].record, record, ['seed']);
  const names = Object.keys(reports[0].scores);
  return Object.fromEntries(
    names.map((name) => {
      const values = reports.map(({ scores }) => scores[name].value);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [name, { mean, deviation: standardDeviation(values), values }];
    }),
  );
}

function recordRows(record: ScoreRecord): string[][] {
  return [
    ['data', `${record.data}, ${record.split}`],
    ['clips', `${record.count} generated, ${record.referenceCount} real`],
    ['clips for kernels and neighbors', `at most ${record.keep} of each`],
    ['shape of a clip', [record.frames, ...record.frameSize, record.channels].join(' x ')],
    ['extractor', record.extractor],
    ['its SHA-256', record.extractorSha256],
    ['how clips are fitted to it', record.resize],
    ['nearest neighbors', String(record.neighbors)],
    ['Inception score', `${record.splits} splits, ${record.epsilon} added in logarithms`],
    ['seed', String(record.seed)],
  ];
}

function shown({ value, interval }: Estimate): string {
  const digits = (x: number) => String(Number(x.toPrecision(3)));
  return interval ? `${digits(value)} [${interval.map(digits).join(', ')}]` : digits(value);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
