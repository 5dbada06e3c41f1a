import { basename, extname } from 'node:path';
import { loadConfig } from '../presets.js';
import { RunFolder } from '../run-folder.js';
import { trainRun } from '../training-run.js';

/** What `tgan train` takes beside the configuration's own flags. */
export interface TrainOptions {
  /** The run folder; by default the first free one in runs/. */
  readonly out?: string;
  /** Whether to end with a JSON object on standard output. */
  readonly json?: boolean;
}

/** Begins a run in a new folder and trains it. */
export async function train(
  preset: string,
  flags: Record<string, unknown>,
  { out, json = false }: TrainOptions,
): Promise<void> {
  const config = await loadConfig(preset, flags);
  const folder = async () => {
    const path = out ?? (await RunFolder.firstFree(basename(preset, extname(preset))));
    return RunFolder.create(path, config);
  };
  await trainRun({ config, folder, json, resume: false });
}

/** Goes on with a run from its last checkpoint, to the very numbers that it would have come to uninterrupted. */
export async function resume(path: string, { json = false }: { json?: boolean }): Promise<void> {
  const { run, config } = await RunFolder.open(path);
  await trainRun({ config, folder: async () => run, json, resume: true });
}
