import { basename, extname, join, resolve } from 'node:path';
import { writeFileAtomic } from '@tgan/runs';
import { UsageError } from '../errors.js';
import { drawCurves } from '../plot/curves.js';
import { MetricsFile } from '../plot/metrics-file.js';
import { runPanels, type NamedRun, type PlotOptions } from '../plot/panels.js';

/** What `tgan plot` takes. */
export interface PlotCommandOptions {
  /** The picture to write; its ending says which kind. */
  readonly out: string;
  readonly metric?: readonly string[];
  readonly smooth?: number;
  readonly log?: boolean;
  readonly title?: string;
  readonly json?: boolean;
}

/** Draws the metrics of some runs as one picture. */
export async function plot(folders: readonly string[], options: PlotCommandOptions): Promise<void> {
  const { out, smooth, log, metric } = options;
  const format = extname(out).toLowerCase();
  if (format !== '.svg' && format !== '.png') {
    throw new UsageError(`--out ${out}: the ending must be .svg or .png`);
  }
  const names = runNames(folders);
  const runs = await Promise.all(folders.map((folder, i) => openRun(folder, names[i])));
  const looks: PlotOptions = { smooth, log, ...(metric && { metrics: metric }) };
  const svg = drawCurves(options.title ?? names.join(', '), runPanels(runs, looks));
  await writeFileAtomic(out, format === '.svg' ? Buffer.from(svg) : await toPng(svg));
  process.stderr.write(`tgan: curves of ${names.join(', ')} in ${out}\n`);
  if (options.json) {
    const steps = runs.map(({ name, metrics }, i) => ({
      run: folders[i],
      ...{ name, lastStep: metrics.lastStep, last: metrics.last },
    }));
    process.stdout.write(`${JSON.stringify({ picture: out, runs: steps })}\n`);
  }
}

/** The name of each run's folder; the whole path where two have the same. */
export function runNames(folders: readonly string[]): string[] {
  const short = folders.map((folder) => basename(resolve(folder)));
  return short.map((name, i) =>
    short.indexOf(name) === short.lastIndexOf(name) ? name : folders[i],
  );
}

async function openRun(folder: string, name: string): Promise<NamedRun> {
  const file = new MetricsFile(join(folder, 'metrics.jsonl'));
  try {
    await file.read();
  } catch (error) {
    throw new UsageError(`${folder} holds no run: ${(error as Error).message}`);
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
