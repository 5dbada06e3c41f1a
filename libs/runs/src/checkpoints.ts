import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  CheckpointError,
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from './checkpoint-file.js';
import { UsageError } from './errors.js';
import { listIfThere } from './read-file.js';
import type { RunFolder } from './run-folder.js';
import { writeFileAtomic } from './write-file.js';

/** The path of the checkpoint that a run has of a step. */
export const checkpointPath = (run: RunFolder, step: number) =>
  run.part('checkpoints', `step-${String(step).padStart(7, '0')}.safetensors`);

/**
 * The steps of which a run has checkpoints, the latest first. Whether they are whole is seen when
 * one is read.
 */
export async function checkpointSteps(run: RunFolder): Promise<number[]> {
  const names = (await listIfThere(run.part('checkpoints'))) ?? [];
  return names
    .flatMap((name) => /^step-(\d{7,})\.safetensors$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Which checkpoints stay: how many of the last ones, and that of the best step. */
export interface Kept {
  readonly last: number;
  readonly best?: number;
}

/**
 * Writes a checkpoint, and removes those that it makes superfluous: all but the last ones and the
 * best. They stay until the new one is whole.
 */
export async function writeCheckpoint(
  run: RunFolder,
  checkpoint: Checkpoint,
  keep: Kept,
): Promise<void> {
  const { steps } = checkpoint.state.progress;
  await writeFileAtomic(checkpointPath(run, steps), formatCheckpoint(checkpoint));
  const all = await checkpointSteps(run);
  const kept = all.filter((step) => step <= steps).slice(0, keep.last);
  for (const step of all) {
    if (step !== keep.best && !kept.includes(step)) await rm(checkpointPath(run, step));
  }
}

/**
 * Removes the checkpoints after a step that a run goes on from. Otherwise one that is killed before
 * its next checkpoint would go on from them.
 */
export async function removeLaterCheckpoints(run: RunFolder, step: number): Promise<void> {
  const later = (await checkpointSteps(run)).filter((other) => other > step);
  for (const other of later) await rm(checkpointPath(run, other), { force: true });
}

/**
 * Reads a checkpoint of a run: the last one that is whole, unless told.
 *
 * @param from - the step of the checkpoint.
 * @param note - is told in a line of each one that is passed over because it is damaged.
 * @throws UsageError when there is none; CheckpointError when it is damaged, or all are; what the
 * file system throws.
 */
export async function readCheckpoint(
  run: RunFolder,
  from: number | undefined,
  note: (text: string) => void,
): Promise<Checkpoint> {
  const all = await checkpointSteps(run);
  const steps = from === undefined ? all : all.filter((step) => step === from);
  if (steps.length === 0) {
    const there = all.length > 0 ? ` of step ${from}; there is: ${all.join(', ')}` : '';
    throw new UsageError(`${run.path} has no checkpoint to go on from${there}`);
  }
  for (const step of steps) {
    const path = checkpointPath(run, step);
    try {
      return parseCheckpoint(await readFile(path));
    } catch (error) {
      // One that cannot be read now may be whole.
      if (!(error instanceof CheckpointError)) throw error;
      if (from !== undefined) throw new CheckpointError(`${path}: ${error.message}`);
      note(`${path} is passed over, ${(error as Error).message}`);
    }
  }
  const names = steps.map((step) => basename(checkpointPath(run, step)));
  throw new CheckpointError(
    `${run.path} has no whole checkpoint to go on from: ${names.join(', ')} are damaged`,
  );
}
