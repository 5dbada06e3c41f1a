import { plotRuns, type PlotFileOptions } from '@tgan/runs';
import { log, printJson } from '../log.js';

/** What `tgan plot` takes. */
export interface PlotCommand extends PlotFileOptions {
  readonly metric?: readonly string[];
  readonly json?: boolean;
}

/** Draws the metrics of runs as one picture. */
export async function plot(folders: readonly string[], options: PlotCommand): Promise<void> {
  const { out, json, metric, ...looks } = options;
  const runs = await plotRuns(folders, { out, ...looks, metrics: metric });
  log(`wrote the curves of ${runs.map(({ name }) => name).join(', ')} to ${out}`);
  if (!json) return;
  const summaries = runs.map(({ name, metrics: { lastStep, last } }, i) => {
    return { run: folders[i], name, lastStep, last };
  });
  printJson({ picture: out, runs: summaries });
}
