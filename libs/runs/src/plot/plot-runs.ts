import { extname, join } from 'node:path';
import { fileProblem, fileReason } from '@tgan/core/node';
import { UsageError } from '../errors.js';
import type { MetricsLine } from '../metrics-log.js';
import { runNames } from '../run-names.js';
import { writeOutput } from '../write-file.js';
import { drawCurves } from './curves.js';
import { Metrics, MetricsFile } from './metrics-file.js';
import { runPanels, type NamedRun, type PlotOptions } from './panels.js';

/** What {@link plotRuns} writes, and how it looks. */
export interface PlotFileOptions extends PlotOptions {
  /** The picture to write. Its extension selects the format: .svg or .png. */
  readonly out: string;
  /** The title. Default: the names of the runs. */
  readonly title?: string;
}

/**
 * Draws the metrics of runs as one picture.
 *
 * @param folders - run folders. The runs may still be training.
 * @returns the runs with their metrics.
 * @throws UsageError when a folder holds no metrics, no run has a requested metric, or the
 * extension of `out` is unknown.
 */
export async function plotRuns(
  folders: readonly string[],
  { out, title, ...looks }: PlotFileOptions,
): Promise<NamedRun[]> {
  const format = extname(out).toLowerCase();
  if (format !== '.svg' && format !== '.png') {
    throw new UsageError(`--out ${out}: the extension must be .svg or .png`);
  }
  const names = runNames(folders);
  const runs = await Promise.all(folders.map((folder, i) => readRun(folder, names[i])));
  const svg = drawCurves(title ?? names.join(', '), runPanels(runs, looks));
  const picture = format === '.svg' ? Buffer.from(svg) : await toPng(svg);
  try {
    await writeOutput(out, picture);
  } catch (error) {
    if (!fileProblem(error)) throw error;
    throw new UsageError(`cannot write ${out}: ${fileReason(error)}`, { cause: error });
  }
  return runs;
}

/** Draws the metrics of a run, as curves.svg shows them. */
export function drawMetrics(name: string, lines: readonly MetricsLine[]): string {
  const metrics = new Metrics();
  for (const line of lines) metrics.add(line);
  return drawCurves(name, runPanels([{ name, metrics }]));
}

async function readRun(folder: string, name: string): Promise<NamedRun> {
  const file = new MetricsFile(join(folder, 'metrics.jsonl'));
  try {
    await file.read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new UsageError(`${folder} holds no run: there is no ${file.path}`);
    }
    throw new UsageError(`cannot read ${file.path}: ${fileReason(error)}`, { cause: error });
  }
  if (file.metrics.names.length === 0) {
    throw new UsageError(`${folder} has no metrics yet: ${file.path} holds no step`);
  }
  return { name, metrics: file.metrics };
}

/** Twice as many pixels as the SVG is wide, for sharp lines. */
async function toPng(svg: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 144 }).png().toBuffer();
}
