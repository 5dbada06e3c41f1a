import { comparisonTable, scoreTable, type GamResult } from '@tgan/metrics';
import {
  evaluateRuns,
  gamOfRuns,
  UsageError,
  writeEvaluations,
  type EvaluateRunsOptions,
  type RunEvaluation,
} from '@tgan/runs';
import { log, printJson } from '../log.js';
import { withBar } from '../progress.js';

/** What `tgan evaluate` takes. */
export interface EvaluateCommand extends Omit<EvaluateRunsOptions, 'signal' | 'onProgress'> {
  /** The folder for the report, model card and picture. Without it none is written. */
  readonly out?: string;
  /** Whether to score the clips of each of two runs with the critic of the other. */
  readonly gam?: boolean;
  readonly json?: boolean;
}

const phases = {
  reference: 'real clips',
  real: 'more real clips',
  generated: 'generated clips',
  scores: 'scores',
};

/** Scores runs and prints a table. */
export async function evaluateCommand(
  folders: readonly string[],
  { out, gam, json, ...options }: EvaluateCommand,
): Promise<void> {
  if (gam && folders.length !== 2) {
    throw new UsageError(`--gam compares 2 runs, got ${folders.length}`);
  }
  const scored = await withBar('{bar} {value}/{total} {what}', async (bar, signal) => {
    bar.start(1, 0, { what: phases.reference });
    const evaluations = await evaluateRuns(folders, {
      ...options,
      signal,
      onProgress({ run, phase, done, total }) {
        bar.setTotal(total);
        bar.update(done, { what: run ? `${phases[phase]}, ${run}` : phases[phase] });
      },
    });
    if (!gam) return { evaluations };
    const pair = [folders[0], folders[1]] as const;
    return { evaluations, gamResult: await gamOfRuns(pair, { ...options, signal }) };
  });
  if (!scored) return void log('stopped; nothing was written');
  const { evaluations, gamResult } = scored;
  for (const { name, report } of evaluations) {
    for (const warning of report.warnings) log(`${name}: ${warning}`);
  }
  const files = out === undefined ? [] : await writeEvaluations(out, evaluations);
  for (const file of files) log(file);
  if (json) {
    const runs = evaluations.map(({ name, folder, report }) => ({ run: folder, name, ...report }));
    printJson({ runs, files, ...(gamResult && { gam: gamResult }) });
    return;
  }
  process.stdout.write(
    `${tableOf(evaluations)}\n${gamResult ? `\n${inWords(gamResult, evaluations)}\n` : ''}`,
  );
}

function tableOf(evaluations: readonly RunEvaluation[]): string {
  const [one] = evaluations;
  if (evaluations.length === 1) return aligned(scoreTable(one.report));
  const reports = evaluations.map(({ name, report }) => [name, report]);
  return aligned(transposed(comparisonTable(Object.fromEntries(reports))));
}

const cellsOf = (line: string) => line.slice(2, -2).split(' | ');

/** A row per score, because many columns do not fit a terminal. */
function transposed(table: string): string {
  const [titles, , ...rows] = table.split('\n').map(cellsOf);
  const columns = titles.map((title, i) => [title, ...rows.map((row) => row[i])]);
  const [head, ...body] = columns.map((cells) => `| ${cells.join(' | ')} |`);
  return [head, `|${' --- |'.repeat(rows.length + 1)}`, ...body].join('\n');
}

/** A Markdown table with aligned columns. */
function aligned(table: string): string {
  const rows = table.split('\n').map(cellsOf);
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row, r) => row.map((cell, i) => cell.padEnd(widths[i], r === 1 ? '-' : ' ')).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function inWords(
  { sampleRatio, testRatio, winner, reason }: GamResult,
  [first, second]: readonly RunEvaluation[],
): string {
  const verdict = {
    first: `${first.name} wins`,
    second: `${second.name} wins`,
    undecided: 'undecided',
  };
  const ratio = (one: GamResult['sampleRatio']) => one?.value.toPrecision(3) ?? 'none';
  return `GAM, ${first.name} against ${second.name}: ${verdict[winner]}, ${reason} (sample ratio ${ratio(sampleRatio)}, test ratio ${ratio(testRatio)})`;
}
