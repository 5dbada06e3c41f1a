import { access } from 'node:fs/promises';
import { checkpointSteps } from '../checkpoints.js';
import { UsageError } from '../errors.js';
import { RunFolder } from '../run-folder.js';
import { openRun, type TrainedRun } from '../trained-run.js';
import { openJudgeData, type JudgeData } from './judge-data.js';

/** A run that is open, with what judges it. */
export interface JudgedRun {
  readonly run: TrainedRun;
  readonly judge: JudgeData;
}

/**
 * Opens a run and what judges it.
 *
 * @param options - as `openRun` takes them.
 * @throws UsageError when there is no run, it has no weights, or its data do not fit it; and as
 * `openRun` and `openJudgeData`.
 */
export async function openJudged(
  folder: string,
  options: Parameters<typeof openRun>[1],
): Promise<JudgedRun> {
  const { run: place } = await RunFolder.open(folder);
  const saved = await checkpointSteps(place);
  if (saved.length === 0) {
    await access(place.part('models')).catch(() => {
      throw new UsageError(`${folder} has no weights yet: it has no checkpoint`);
    });
  }
  const run = await openRun(folder, options);
  try {
    return { run, judge: await openJudgeData(run, run.model) };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** Frees some runs and lets go of their files. */
export async function closeJudged(all: readonly JudgedRun[]): Promise<void> {
  for (const { run, judge } of all) {
    run.dispose();
    await judge.close();
  }
}
