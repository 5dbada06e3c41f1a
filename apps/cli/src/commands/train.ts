import { basename, extname } from 'node:path';
import type { Communicator } from '@tgan/core';
import { loadConfig, resume, RunFolder, train, type TrainingHooks } from '@tgan/runs';
import { log, printJson } from '../log.js';
import { Progress } from '../progress.js';
import { stopSignal } from '../signals.js';
import { together } from '../together.js';

/** What `tgan train` takes beside the configuration's own flags. */
export interface TrainCommand {
  /** The run folder. Default: the first free one in runs/. */
  readonly out?: string;
  readonly json?: boolean;
}

/** Trains a new run in a new folder. */
export async function trainCommand(
  preset: string,
  flags: Record<string, unknown>,
  { out, json }: TrainCommand,
): Promise<void> {
  await together(async (communicator) => {
    const config = await loadConfig(preset, flags);
    const start = (folder: string) =>
      follow((hooks) => train(config, { folder, ...hooks }), communicator, json);
    if (out !== undefined || !leads(communicator)) return start(out ?? '');
    const folder = await RunFolder.firstFree(basename(preset, extname(preset)));
    try {
      await start(folder);
    } finally {
      await RunFolder.removeEmpty(folder);
    }
  });
}

/** Whether this process writes the run and prints. */
const leads = (communicator: Communicator | undefined) => (communicator?.rank ?? 0) === 0;

/** What `tgan resume` takes beside the keys of the configuration that may change. */
export interface ResumeCommand {
  /** The step of the checkpoint to continue from. Default: the last. */
  readonly from?: number;
  readonly json?: boolean;
}

/** Continues a run. */
export async function resumeCommand(
  folder: string,
  changes: Record<string, unknown>,
  { from, json }: ResumeCommand,
): Promise<void> {
  await together((communicator) =>
    follow((hooks) => resume(folder, { changes, from, ...hooks }), communicator, json),
  );
}

/** Shows the progress of a run on standard error, and stops it at a signal. */
async function follow(
  run: (hooks: TrainingHooks) => ReturnType<typeof train>,
  communicator: Communicator | undefined,
  json = false,
): Promise<void> {
  let progress: Progress | undefined;
  const stop = stopSignal(() => {
    progress?.clear();
    if (!leads(communicator)) return;
    log('stopping after this step, with a checkpoint; a second signal quits at once');
  });
  let result;
  try {
    result = await run({
      communicator,
      signal: stop.signal,
      onStart({ folder, backend, weights, ...start }) {
        log(`${backend.runsOn}, ${backend.reason}`);
        if (communicator) log(`${communicator.size} processes train together`);
        log(`${weights.toLocaleString('en')} weights, run folder ${folder}`);
        progress = new Progress({ ...start, quiet: json });
      },
      onStep: (line) => progress?.update(line),
      onNote: log,
    });
  } finally {
    progress?.stop();
    stop.release();
  }
  const { folder, backend, stopped, stepsDone, samples, last, best } = result;
  if (!leads(communicator)) return;
  if (stopped) {
    log(`stopped after step ${stepsDone}; to continue: tgan resume ${folder}`);
    process.exitCode = stop.exitCode;
  } else {
    log(`done; run folder ${folder}${samples ? `, samples ${samples}` : ''}`);
  }
  if (json) printJson({ run: folder, backend, samples, last, best });
}
