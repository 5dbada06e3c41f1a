import { exportRun, importRun, type ExportOptions } from '@tgan/runs';
import { log, printJson } from '../log.js';

/** What `tgan export` takes. */
export interface ExportCommand extends ExportOptions {
  readonly json?: boolean;
}

/** Writes the weights of a run in a format that other programs read. */
export async function exportCommand(folder: string, options: ExportCommand): Promise<void> {
  const out = await exportRun(folder, { ...options, onNote: log });
  log(`wrote the weights of ${folder} to ${out}`);
  if (options.json) printJson({ out });
}

/** What `tgan import` takes. */
export interface ImportCommand {
  /** The run folder to create. */
  readonly out: string;
  readonly json?: boolean;
}

/** Makes a run folder from snapshots or exported weights. */
export async function importCommand(
  paths: readonly string[],
  { out, json }: ImportCommand,
): Promise<void> {
  const weights = await importRun(paths, out);
  log(`imported ${weights.toLocaleString('en')} weights into ${out}; try: tgan sample ${out}`);
  if (json) printJson({ run: out, weights });
}
