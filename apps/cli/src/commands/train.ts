import { basename, extname } from 'node:path';
import { readCheckpoint } from '../checkpoints.js';
import { configChanges } from '../config-changes.js';
import { flatConfig, parseConfig } from '../config.js';
import { log } from '../log.js';
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
  const folder = async () =>
    RunFolder.create(out ?? (await RunFolder.firstFree(basename(preset, extname(preset)))));
  await trainRun({ config, folder, json });
}

/** What `tgan resume` takes beside the keys of the configuration that may change. */
export interface ResumeOptions {
  /** The step of the checkpoint to go on from, or one before it; by default the last. */
  readonly from?: number;
  /** Whether to end with a JSON object on standard output. */
  readonly json?: boolean;
}

/**
 * Goes on with a run from its last checkpoint, to the very numbers that it would have come to uninterrupted.
 *
 * @throws UsageError when the configuration is another than the checkpoint's, but for what may change.
 */
export async function resume(
  path: string,
  flags: Record<string, unknown>,
  { from, json = false }: ResumeOptions,
): Promise<void> {
  const { run, config: kept } = await RunFolder.open(path);
  const subject = run.part('config');
  const config = parseConfig({ ...flatConfig(kept), ...flags }, subject);
  const checkpoint = await readCheckpoint(run, from, log);
  const before = flatConfig(parseConfig(checkpoint.config, `a checkpoint of ${run.path}`));
  configChanges(before, flatConfig(config), subject).forEach(log);
  const { steps } = checkpoint.state.progress;
  log(`goes on after step ${steps}`);
  if (steps >= config.steps) log(`all ${config.steps} steps are done; --steps trains longer`);
  await trainRun({ config, folder: async () => run, checkpoint, json });
}
