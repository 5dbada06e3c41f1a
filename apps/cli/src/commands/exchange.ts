import { exportRun, importRun, type ExportOptions } from '@tgan/runs';
import { log, printJson } from '../log.js';

/** What `tgan export` takes. */
export interface ExportCommand extends ExportOptions {
  readonly json?: boolean;
}

/** Writes what a run learned in a form that other programs read. */
export async function exportCommand(folder: string, options: ExportCommand): Promise<void> {
  const out = await exportRun(folder, { ...options, onNote: log });
  log(`the weights of ${folder} in ${out}`);
  if (options.json) printJson({ out });
}

/** What `tgan import` takes. */
export interface ImportCommand {
  /** The run folder to make. */
  readonly out: string;
  readonly json?: boolean;
}

/** Makes a run folder of snapshots or exported weights. */
export async function importCommand(
  paths: readonly string[],
  { out, json }: ImportCommand,
): Promise<void> {
  const weights = await importRun(paths, out);
  log(`${weights.toLocaleString('en')} weights in ${out}; tgan sample ${out} shows what they make`);
  if (json) printJson({ run: out, weights });
}
